import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows give to outgoing connections, which would otherwise take a port while nobody listens on it */
const FIRST = 15_000
const LAST = 32_000

async function isFree (port: number): Promise<boolean> {
  const server = createServer()
  const socket = createSocket('udp4')

  try {
    await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, '127.0.0.1', resolve) })
    await new Promise<void>((resolve, reject) => { socket.once('error', reject).bind(port, '127.0.0.1', resolve) })

    return true
  } catch {
    return false
  } finally {
    await Promise.all([new Promise(resolve => { server.close(resolve) }), new Promise<void>(resolve => { socket.close(resolve) })])
  }
}

/** A port for a program that is started, stopped and started again on it, for TCP and UDP on loopback */
export async function freePort (): Promise<number> {
  let port: number

  do {
    port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
  } while (!await isFree(port))

  return port
}
