import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { PortUnavailableError } from '../errors.ts'
import { answerStun } from './message.ts'
import { rateBound } from './rate.ts'

export interface StunServer {
  /** The UDP port it has */
  port: number
  stop (): Promise<void>
}

export interface StunServerInit {
  /** `::` serves IPv4 too */
  host: string
  port: number
}

/**
 * Tells clients which address and port they are seen from. That is all a hole punch needs of a server.
 *
 * @throws {PortUnavailableError} if the port is taken or may not be opened
 */
export async function startStunServer ({ host, port }: StunServerInit): Promise<StunServer> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' })
  const mayAnswer = rateBound()

  socket.on('message', (datagram, source) => {
    const answer = answerStun(datagram, source)

    if (answer != null && mayAnswer(source.address, performance.now())) {
      // whoever cannot be reached gets no answer, as with any lost datagram
      socket.send(answer, source.port, source.address, () => {})
    }
  })

  await new Promise<void>((resolve, reject) => {
    socket.once('error', (err: NodeJS.ErrnoException) => {
      reject(new PortUnavailableError(`UDP port ${port} on ${host} cannot be opened (${err.code ?? err.message}): choose another with --stun-port, or 0 for none`, { cause: err }))
    })
    socket.bind({ address: host, port }, resolve)
  })

  let stopped: Promise<void> | undefined
  socket.removeAllListeners('error')
  // an ICMP error for one datagram is no reason to stop
  socket.on('error', () => {})

  return {
    port: socket.address().port,
    stop: async () => {
      stopped ??= new Promise(resolve => { socket.close(() => { resolve() }) })
      await stopped
    }
  }
}
