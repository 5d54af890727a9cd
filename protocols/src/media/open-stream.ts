import { MediaUnavailableError } from './errors.ts'
import type { AbortOptions } from '../interface.ts'
import type { Libp2p, PeerId, Stream } from '@libp2p/interface'

/**
 * Opens a stream on a connection that is there; a direct one rather than one through a relay. `libp2p.dialProtocol` would dial when there are only
 * relayed ones: from the side that was dialled that cannot succeed, and nobody is to be dialled for a file.
 *
 * @throws {MediaUnavailableError} if there is no connection
 */
export async function openStream (libp2p: Pick<Libp2p, 'getConnections'>, peer: PeerId, protocol: string, { signal }: AbortOptions = {}): Promise<Stream> {
  const connections = libp2p.getConnections(peer).filter(({ status }) => status === 'open')
  const connection = connections.find(({ limits }) => limits == null) ?? connections[0]

  if (connection == null) {
    throw new MediaUnavailableError('Whoever should have the file is not connected')
  }

  return connection.newStream(protocol, { signal, runOnLimitedConnection: true })
}
