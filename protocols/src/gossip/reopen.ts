import { LASTING_MS, MAX_REOPEN_MS, REOPEN_MS } from './constants.ts'
import type { GossipSubInternals } from './internals.ts'
import type { Connection, PeerId, Stream } from '@libp2p/interface'

interface Connections {
  getConnections (peer?: PeerId): Connection[]
}

/**
 * Keeps a gossip stream to every neighbour for as long as there is a connection for it. gossipsub opens its stream once, on the
 * connection that came first, and never again: when that connection closes while another to the same peer stays, or when only the
 * stream is reset, both sides go on to believe that they are neighbours and nothing arrives any more. And when a peer comes back over
 * a new connection before the old one is known to be dead, it would go on to send into the old one.
 */
export class StreamKeeper {
  readonly #gossip: GossipSubInternals
  readonly #connections: Connections
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #failures = new Map<string, number>()
  /** Streams whose end is listened to, and what they run on */
  readonly #watched = new WeakMap<Stream, Connection>()

  /** `left` is called when a peer is about to be forgotten */
  constructor (gossip: GossipSubInternals, connections: Connections, left: (peer: PeerId) => void) {
    this.#gossip = gossip
    this.#connections = connections

    const create = gossip.createOutboundStream.bind(gossip)
    const incoming = gossip.onIncomingStream.bind(gossip)
    const disconnected = gossip.onPeerDisconnected.bind(gossip)

    gossip.createOutboundStream = async (peer, connection) => {
      await create(peer, connection)
      this.#watch(peer, connection)
    }

    gossip.onIncomingStream = (stream, connection) => {
      this.#follow(connection)
      incoming(stream, connection)
    }

    // also called for an error of a single stream: the other side opens a new one, and forgetting its topics now would lose those
    // that already came over it
    gossip.onPeerDisconnected = peer => {
      if (this.#usable(peer) == null) {
        left(peer)
        disconnected(peer)
      }
    }
  }

  stop (): void {
    this.#timers.forEach(timer => { clearTimeout(timer) })
    this.#timers.clear()
    this.#failures.clear()
  }

  /** An open connection that may carry gossip */
  #usable (peer: PeerId): Connection | undefined {
    return this.#connections.getConnections(peer).find(connection => connection.status === 'open' && connection.limits == null)
  }

  /** Sends over the newer connection once the other side does */
  #follow (connection: Connection): void {
    const id = connection.remotePeer.toString()
    const stream = this.#gossip.streamsOutbound.get(id)?.rawStream
    const before = stream == null ? undefined : this.#watched.get(stream)

    if (stream != null && before != null && before.id !== connection.id && before.timeline.open < connection.timeline.open) {
      this.#gossip.streamsOutbound.delete(id)
      stream.close().catch(err => { stream.abort(err) })
    }
  }

  #watch (peer: PeerId, connection: Connection): void {
    const id = peer.toString()
    const stream = this.#gossip.streamsOutbound.get(id)?.rawStream

    if (stream == null) {
      this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1)
      this.#later(peer)
    } else if (!this.#watched.has(stream)) {
      this.#watched.set(stream, connection)
      stream.addEventListener('close', () => {
        const { open, close = open } = stream.timeline

        this.#failures.set(id, close - open < LASTING_MS ? (this.#failures.get(id) ?? 0) + 1 : 0)
        this.#later(peer)
      }, { once: true })
    }
  }

  #later (peer: PeerId): void {
    const id = peer.toString()

    if (!this.#gossip.isStarted() || this.#timers.has(id)) {
      return
    }

    const pause = Math.min(REOPEN_MS * 2 ** (this.#failures.get(id) ?? 0), MAX_REOPEN_MS)

    this.#timers.set(id, setTimeout(() => {
      this.#timers.delete(id)
      this.#reopen(peer)
    }, pause))
  }

  #reopen (peer: PeerId): void {
    const id = peer.toString()
    const connection = this.#usable(peer)

    if (!this.#gossip.isStarted() || !this.#gossip.peers.has(id)) {
      this.#failures.delete(id)
    } else if (connection == null) {
      this.#failures.delete(id)
      // a limited connection may remain, over which libp2p does not say that the peer left
      this.#gossip.onPeerDisconnected(peer)
    } else if (!this.#gossip.streamsOutbound.has(id)) {
      this.#gossip.outboundInflightQueue.push({ peerId: peer, connection })
    }
  }
}
