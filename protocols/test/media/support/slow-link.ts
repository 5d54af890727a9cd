import { createServer, connect } from 'node:net'
import type { Server, Socket } from 'node:net'

export interface SlowLink {
  port: number
  /** Cuts every connection; new ones are taken */
  cut (): void
  close (): Promise<void>
}

/** Bytes pass at the given rate in each direction, in slices of a twentieth of a second */
function throttle (from: Socket, to: Socket, bytesPerSecond: number): void {
  const slice = Math.ceil(bytesPerSecond / 20)
  let waiting = Buffer.alloc(0)

  from.on('data', chunk => {
    waiting = Buffer.concat([waiting, chunk])
    from.pause()
  })
  const timer = setInterval(() => {
    if (waiting.length > 0) {
      to.write(waiting.subarray(0, slice))
      waiting = waiting.subarray(slice)
    }

    if (waiting.length === 0) {
      from.resume()
    }
  }, 50)

  for (const socket of [from, to]) {
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(timer)
      from.destroy()
      to.destroy()
    })
  }
}

export async function slowLink (target: number, bytesPerSecond: number): Promise<SlowLink> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    const out = connect(target, '127.0.0.1')
    sockets.add(socket)
    socket.on('close', () => { sockets.delete(socket) })
    throttle(socket, out, bytesPerSecond)
    throttle(out, socket, bytesPerSecond)
  })

  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const address = server.address()

  return {
    port: address != null && typeof address === 'object' ? address.port : 0,
    cut () {
      sockets.forEach(socket => { socket.destroy() })
    },
    async close () {
      sockets.forEach(socket => { socket.destroy() })
      await new Promise(resolve => { server.close(resolve) })
    }
  }
}
