/** All sync with one peer: normally one stream; for a moment two when both sides opened one at the same time. */
import type { SpaceId } from '../ids.ts'
import type { Session } from './session.ts'
import type { PeerId } from '@libp2p/interface'

export interface PeerStream {
  session: Session
  direction: 'inbound' | 'outbound'
}

export class PeerSync {
  readonly peer: PeerId
  /** What is wanted from here, and whether receipts are asked for */
  readonly wanted = new Map<SpaceId, boolean>()
  /** The newest last */
  readonly streams: PeerStream[] = []
  /** A stream is being opened */
  opening?: Promise<PeerStream>
  private readonly prefersOwn: boolean

  /** @param self - the lower of two peers keeps its own stream when both opened one */
  constructor (self: PeerId, peer: PeerId) {
    this.peer = peer
    this.prefersOwn = self.toString() < peer.toString()
  }

  /** Where spaces are opened */
  get primary (): PeerStream | undefined {
    const preferred = this.prefersOwn ? 'outbound' : 'inbound'

    return this.streams.findLast(({ direction }) => direction === preferred) ?? this.streams[this.streams.length - 1]
  }

  /** Moves what is wanted to the stream that both sides prefer, and ends one's own others */
  add (stream: PeerStream): void {
    this.streams.push(stream)

    const { primary } = this

    if (primary !== stream) {
      return
    }

    for (const [space, receipts] of this.wanted) {
      stream.session.open(space, receipts)
    }

    for (const other of [...this.streams]) {
      if (other !== stream && other.direction === 'outbound') {
        other.session.end()
      }
    }
  }

  /** @returns whether another stream is left */
  remove (stream: PeerStream): boolean {
    const wasPrimary = this.primary === stream
    const at = this.streams.indexOf(stream)

    if (at >= 0) {
      this.streams.splice(at, 1)
    }

    const { primary } = this

    if (primary != null && wasPrimary) {
      for (const [space, receipts] of this.wanted) {
        primary.session.open(space, receipts)
      }
    }

    return primary != null
  }
}
