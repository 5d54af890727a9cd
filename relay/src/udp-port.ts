import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { PortUnavailableError } from './errors.ts'

/**
 * Makes sure that a UDP port is free. libp2p's listener would say nothing when it is taken.
 *
 * @param host - the address to listen on
 * @param port - the port to listen on
 * @param option - how the person chooses another
 * @throws {PortUnavailableError}
 */
export async function checkUdpPort (host: string, port: number, option: string): Promise<void> {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4' })

  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (err: NodeJS.ErrnoException) => {
        reject(new PortUnavailableError(`UDP port ${port} on ${host} cannot be opened (${err.code ?? err.message}): choose another with ${option}, or 0 for none`, { cause: err }))
      })
      socket.bind({ address: host, port }, resolve)
    })
  } finally {
    socket.close()
  }
}
