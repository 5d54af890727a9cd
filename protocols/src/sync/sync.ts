import { peerIdFromString } from '@libp2p/peer-id'
import { NotStartedError } from '../errors.ts'
import { systemClock } from '../interface.ts'
import { MAX_STREAMS_PER_PEER } from '../limits.ts'
import { OPEN_TIMEOUT_MS, SYNC_PROTOCOL } from './constants.ts'
import { NotAdmittedError, NotConnectedError } from './errors.ts'
import { feedSessions } from './feed.ts'
import { PeerSync } from './peer.ts'
import { Session } from './session.ts'
import { attach, streamPipe } from './stream.ts'
import type { SpaceId } from '../ids.ts'
import type { Shown, Sync, SyncEvents, SyncInit, SyncOpenOptions } from './index.ts'
import type { PeerStream } from './peer.ts'
import type { ComponentLogger, Connection, Logger, PeerId, Stream, StreamHandler, StreamHandlerOptions } from '@libp2p/interface'

export interface SyncComponents {
  peerId: PeerId
  registrar: {
    handle (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void>
    unhandle (protocol: string): Promise<void>
  }
  connectionManager: {
    getConnections (peer?: PeerId): Connection[]
  }
  logger: ComponentLogger
}

class StreamSync extends EventTarget implements Sync {
  private readonly components: SyncComponents
  private readonly init: SyncInit
  private readonly log: Logger
  private readonly byPeer = new Map<string, PeerSync>()
  private started = false
  private stopFeed?: () => void

  constructor (components: SyncComponents, init: SyncInit) {
    super()
    this.components = components
    this.init = init
    this.log = components.logger.forComponent('pergola:sync')
  }

  async start (): Promise<void> {
    if (this.started) {
      return
    }

    this.started = true
    this.stopFeed = feedSessions(this.init.log, () => this.sessions())
    await this.components.registrar.handle(SYNC_PROTOCOL, (stream, connection) => { this.onStream(stream, connection) }, {
      runOnLimitedConnection: true,
      maxInboundStreams: MAX_STREAMS_PER_PEER,
      maxOutboundStreams: MAX_STREAMS_PER_PEER
    })
  }

  async stop (): Promise<void> {
    if (!this.started) {
      return
    }

    this.started = false
    this.stopFeed?.()
    await this.components.registrar.unhandle(SYNC_PROTOCOL)

    const sessions = this.sessions()

    sessions.forEach(session => { session.end() })
    await Promise.all(sessions.map(async session => session.settled()))
  }

  async open (peer: PeerId, space: SpaceId, options: SyncOpenOptions = {}): Promise<void> {
    if (!this.started) {
      throw new NotStartedError('Sync is not running')
    }

    if (!await this.init.admits(space, peer)) {
      throw new NotAdmittedError('This space is not shared with this peer')
    }

    options.signal?.throwIfAborted()

    const peerSync = this.peerSync(peer)
    const receipts = options.receipts === true || peerSync.wanted.get(space) === true

    peerSync.wanted.set(space, receipts)

    try {
      const { session } = peerSync.primary ?? await this.connect(peerSync, options.signal)

      // by now the other side's stream may be the one to use
      ;(peerSync.primary?.session ?? session).open(space, receipts)
    } catch (err) {
      const { primary } = peerSync

      if (primary != null) {
        // ours went over a connection that is dead, and theirs came meanwhile
        primary.session.open(space, receipts)
        return
      }

      peerSync.wanted.delete(space)
      this.forgetIfIdle(peerSync)
      throw err
    }
  }

  async close (peer: PeerId, space: SpaceId): Promise<void> {
    const peerSync = this.byPeer.get(peer.toString())

    peerSync?.wanted.delete(space)
    peerSync?.streams.forEach(({ session }) => { session.close(space) })
  }

  peers (space: SpaceId): PeerId[] {
    return [...this.byPeer.values()].filter(({ streams }) => streams.some(({ session }) => session.isShared(space))).map(({ peer }) => peer)
  }

  shown (peer: PeerId, space: SpaceId): Shown {
    const all = this.byPeer.get(peer.toString())?.streams.map(({ session }) => session.shown(space)).filter(shown => shown != null) ?? []

    return { record: all.some(({ record }) => record), chains: all.flatMap(({ chains }) => chains) }
  }

  private peerSync (peer: PeerId): PeerSync {
    const name = peer.toString()
    let peerSync = this.byPeer.get(name)

    if (peerSync == null) {
      peerSync = new PeerSync(this.components.peerId, peerIdFromString(name))
      this.byPeer.set(name, peerSync)
    }

    return peerSync
  }

  private forgetIfIdle (peerSync: PeerSync): void {
    if (peerSync.streams.length === 0 && peerSync.opening == null && this.byPeer.get(peerSync.peer.toString()) === peerSync) {
      this.byPeer.delete(peerSync.peer.toString())
    }
  }

  /** Opens a stream, once for all who ask at the same time */
  private async connect (peerSync: PeerSync, signal: AbortSignal | undefined): Promise<PeerStream> {
    peerSync.opening ??= this.openStream(peerSync, signal).finally(() => { delete peerSync.opening })

    return peerSync.opening
  }

  private async openStream (peerSync: PeerSync, signal: AbortSignal | undefined): Promise<PeerStream> {
    const open = this.components.connectionManager.getConnections(peerSync.peer).filter(({ status }) => status === 'open').reverse()
    let failure: unknown = new NotConnectedError('There is no connection to this peer')

    // relayed connections last; the newest first, since those of a peer that was killed and came back may seem open for a while
    for (const connection of [...open.filter(({ limits }) => limits == null), ...open.filter(({ limits }) => limits != null)]) {
      signal?.throwIfAborted()

      try {
        const stream = await connection.newStream([SYNC_PROTOCOL], {
          runOnLimitedConnection: true,
          maxOutboundStreams: MAX_STREAMS_PER_PEER,
          signal: AbortSignal.any([AbortSignal.timeout(OPEN_TIMEOUT_MS), ...signal == null ? [] : [signal]])
        })

        return this.addStream(peerSync, stream, 'outbound')
      } catch (err) {
        failure = err
      }
    }

    throw failure
  }

  private onStream (stream: Stream, connection: Connection): void {
    if (!this.started) {
      stream.abort(new NotStartedError('Sync is not running'))
      return
    }

    const peerSync = this.peerSync(connection.remotePeer)

    if (peerSync.streams.length >= MAX_STREAMS_PER_PEER) {
      // the oldest is the likeliest to be a dead connection's
      peerSync.streams[0].session.end(new NotConnectedError('Replaced by a newer stream'))
    }

    this.addStream(peerSync, stream, 'inbound')
  }

  private addStream (peerSync: PeerSync, stream: Stream, direction: PeerStream['direction']): PeerStream {
    const { peer } = peerSync
    const pipe = streamPipe(stream)
    const session = new Session({
      log: this.init.log,
      clock: systemClock,
      pipe: {
        send: pipe.send,
        close: error => {
          pipe.close(error)

          if (error != null) {
            this.log.error('closed the stream of %p - %e', peer, error)
          }

          this.removeStream(peerSync, added)
        }
      },
      admits: async space => this.init.admits(space, peer),
      takes: async (space, bytes, recordOf) => await this.init.takes?.(space, peer, bytes, recordOf) ?? true,
      ...(this.init.receipts == null ? {} : { receipts: this.init.receipts }),
      notify: (event, space) => {
        if (event === 'space:refused') {
          peerSync.wanted.delete(space)
        }

        this.emit(event, { peer, space })
      },
      onReceipt: receipt => { this.emit('receipt:received', { peer, receipt }) }
    })
    const added: PeerStream = { session, direction }

    peerSync.add(added)
    attach(stream, {
      onFrame: frame => { session.receive(frame) },
      onBad: error => { session.end(error) },
      onEnd: () => { session.end() }
    })

    return added
  }

  private removeStream (peerSync: PeerSync, stream: PeerStream): void {
    if (peerSync.streams.includes(stream) && !peerSync.remove(stream)) {
      peerSync.wanted.clear()
      this.forgetIfIdle(peerSync)
      this.emit('stream:closed', { peer: peerSync.peer })
    }
  }

  private sessions (): Session[] {
    return [...this.byPeer.values()].flatMap(({ streams }) => streams.map(({ session }) => session))
  }

  private emit<K extends keyof SyncEvents> (type: K, detail: SyncEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

/**
 * Sync as a libp2p service.
 *
 * @example
 * ```ts
 * const node = await createLibp2p({ services: { sync: sync({ log, admits: space => space === wall }) } })
 * await node.services.sync.open(peer, wall)
 * ```
 */
export function sync (init: SyncInit): (components: SyncComponents) => Sync {
  return components => new StreamSync(components, init)
}
