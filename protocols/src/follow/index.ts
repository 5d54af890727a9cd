/**
 * follow `/pergola/follow/1.0.0`: a client asks its own relay to keep a public wall coming, so that who follows 200 walls on 200
 * relays has two or three connections and not 200. It is also how relays announce to each other. Rules: specs/follow.md.
 *
 * A request is about one space and stands until the client takes it back or disconnects: the relay writes nothing down.
 */
import { FollowService } from './follow.ts'
import type { ComingNotice, FollowAnswer, FollowRefusal, FollowRequest } from './messages.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Connection, Libp2pEvents, PeerId, Startable, Stream, StreamHandler, StreamHandlerOptions } from '@libp2p/interface'

export { FOLLOW_PROTOCOL, MAX_FOLLOWS_PER_CLIENT } from './constants.ts'
export type { ComingNotice, FollowAnswer, FollowRefusal, FollowRequest } from './messages.ts'

export interface FollowInit {
  /** The relay's half; without it every request is refused */
  serve?: {
    /** Whether the operator's policy lets a client follow or offer a space, or why not; without it everything is */
    admits? (peer: PeerId, request: Required<FollowRequest>): boolean | FollowRefusal | Promise<boolean | FollowRefusal>
    /** Whether a space comes here from one of the sources that a client named; by default none does */
    isComing? (peer: PeerId, space: SpaceId): boolean
    /** Of one client; 1,000 by default */
    maxPerClient?: number
    /** Of all clients together; 200,000 by default */
    max?: number
  }
}

export interface FollowComponents {
  registrar: {
    handle (protocol: string, handler: StreamHandler, options?: StreamHandlerOptions): Promise<void>
    unhandle (protocol: string): Promise<void>
  }
  connectionManager: {
    getConnections (peer?: PeerId): Connection[]
    openStream (peer: PeerId, protocol: string, options?: AbortOptions): Promise<Stream>
  }
  events: {
    addEventListener (type: 'peer:disconnect', listener: (event: Libp2pEvents['peer:disconnect']) => void): void
    removeEventListener (type: 'peer:disconnect', listener: (event: Libp2pEvents['peer:disconnect']) => void): void
  }
}

export interface FollowEvents {
  /** Relay: the first client follows it. Sources are at most two, those that most followers name */
  'space:wanted': CustomEvent<{ space: SpaceId, sources: RelayInfo[] }>
  /** Relay: the last follower left */
  'space:unwanted': CustomEvent<{ space: SpaceId }>
  /** Relay: it is still followed, and is to come from elsewhere */
  'sources:changed': CustomEvent<{ space: SpaceId, sources: RelayInfo[] }>
  /** Client: a relay does not hear all topics announced to it, only as many. Any peer can say so: believe it of one's own relays */
  'topics:capped': CustomEvent<{ relay: PeerId, max: number }>
  /** Client: a relay brings a space from the sources named to it, or no longer. Any peer can say so: believe it of one's own relays */
  'space:coming': CustomEvent<{ relay: PeerId, space: SpaceId, coming: boolean }>
}

export interface Follow extends Startable, EventTarget {
  /**
   * Asks a connected relay, for any number of spaces over one stream. To be asked again after each reconnect. What is refused the
   * client follows itself, by dialling the author's relay.
   *
   * @returns the answers in the order of the requests
   */
  follow (relay: PeerId, requests: FollowRequest[], options?: AbortOptions): Promise<FollowAnswer[]>
  /** Relay: what its clients follow */
  wanted (): SpaceId[]
  /** Relay: where a space is to come from */
  sources (space: SpaceId): RelayInfo[]
  /** Relay: connected clients that follow it */
  followers (space: SpaceId): PeerId[]
  /** Relay: connected clients that hold it and serve it */
  offers (space: SpaceId): PeerId[]
  /** Relay: where a client says that a space is to come from. Another relay names none */
  named (client: PeerId, space: SpaceId): RelayInfo[]
  /** Relay: tells a client which spaces come through it from now on, or no longer */
  tellComing (client: PeerId, notices: ComingNotice[], options?: AbortOptions): Promise<void>
  /** Relay: tells a client that it announced more topics than are heard */
  tellCapped (client: PeerId, max: number, options?: AbortOptions): Promise<void>

  addEventListener<K extends keyof FollowEvents> (type: K, listener: (event: FollowEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof FollowEvents> (type: K, listener: (event: FollowEvents[K]) => void): void
}

/** Makes the libp2p service */
export function follow (init: FollowInit = {}): (components: FollowComponents) => Follow {
  return components => new FollowService(init, components)
}
