import { PROBATION_TIMEOUT_MS } from './constants.ts'
import { UnresponsiveConnectionError } from './errors.ts'
import type { AbortOptions } from '../interface.ts'
import type { Connection, Libp2p } from '@libp2p/interface'

const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PING_BYTES = 32

/**
 * Asks for an answer over this very connection. After a failed ICE the side that listened is left with a connection whose other end
 * does not exist.
 *
 * @throws {UnresponsiveConnectionError} if there is none in time; the connection is aborted then
 */
export async function probe (connection: Connection, options: AbortOptions = {}): Promise<void> {
  const timeout = AbortSignal.timeout(PROBATION_TIMEOUT_MS)
  const signal = options.signal == null ? timeout : AbortSignal.any([timeout, options.signal])

  try {
    const stream = await connection.newStream(PING_PROTOCOL, { signal, runOnLimitedConnection: true })
    const abort = (): void => { stream.abort(new UnresponsiveConnectionError('Nothing answers at the other end')) }
    let received = 0

    signal.addEventListener('abort', abort, { once: true })
    stream.send(crypto.getRandomValues(new Uint8Array(PING_BYTES)))

    try {
      for await (const chunk of stream) {
        received += chunk.byteLength

        if (received >= PING_BYTES) {
          break
        }
      }
    } finally {
      signal.removeEventListener('abort', abort)
    }

    if (received < PING_BYTES) {
      throw new UnresponsiveConnectionError('Nothing answers at the other end')
    }

    await stream.close({ signal })
  } catch (err) {
    const error = new UnresponsiveConnectionError('Nothing answers at the other end', { cause: err })
    connection.abort(error)
    throw error
  }
}

/** Whether a connection is a WebRTC connection, signalled through a relay */
export function isDirectWebRTC (connection: Connection): boolean {
  return connection.limits == null && /\/webrtc(\/|$)/.test(connection.remoteAddr.toString())
}

/** Drops every inbound WebRTC connection that does not answer; whoever meets a connection before that finds it closed */
export function probeInbound (node: Libp2p): void {
  node.addEventListener('connection:open', event => {
    const connection = event.detail

    if (connection.direction === 'inbound' && isDirectWebRTC(connection)) {
      probe(connection).catch(() => {})
    }
  })
}
