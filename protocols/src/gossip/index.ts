/**
 * gossip: hints that travel fast. One topic for each space; a message says what happened, or at least that something did. Nothing may
 * depend on a message having arrived: sync is the truth. Rules: specs/gossip.md.
 *
 * Leaves (clients, home nodes) subscribe to spaces. Hubs (relays) are in whatever topic one of their clients is in, keep all of them
 * in the mesh, and tell nobody of a topic which that peer did not name first.
 */
import { GossipService } from './gossip.ts'
import type { GossipKind } from './message.ts'
import type { SpaceId } from '../ids.ts'
import type { Clock } from '../interface.ts'
import type { GossipSubComponents } from '@libp2p/gossipsub'
import type { PeerId, Startable } from '@libp2p/interface'

export { decodeMessage, encodeMessage } from './message.ts'
export type { GossipKind } from './message.ts'
export { isTopic, topicOf } from './topic.ts'

export type GossipRole = 'leaf' | 'hub'

/** `accept`: true and forwarded. `ignore`: not forwarded, and dead for two minutes, so only for what nobody needs again. `reject`: the sender did wrong */
export type GossipVerdict = 'accept' | 'ignore' | 'reject'

export interface GossipMessage {
  /** Unknown at a hub that is in the topic only because a client is: what is inside must name a space whose topic this is */
  space?: SpaceId
  topic: string
  kind: GossipKind
  bytes: Uint8Array
  /** The neighbour it came from, not its author */
  from: PeerId
}

export interface GossipValidateOptions {
  /** Aborts when the answer would come too late */
  signal: AbortSignal
}

export interface GossipInit {
  /** @default 'leaf' */
  role?: GossipRole
  /** Judges before anything is forwarded or heard; a throw counts as `ignore` */
  validate (message: GossipMessage, options: GossipValidateOptions): GossipVerdict | Promise<GossipVerdict>
  /**
   * Hubs: topics that one client may have it subscribe to
   *
   * @default MAX_TOPICS_PER_CLIENT
   */
  maxTopicsPerClient?: number
  clock?: Clock
}

export type GossipComponents = GossipSubComponents

export interface GossipEvents {
  /** Accepted by the validator */
  'message:received': CustomEvent<GossipMessage>
  /** A neighbour came into a topic, or left it */
  'neighbour:changed': CustomEvent<{ peer: PeerId, topic: string, subscribed: boolean }>
  /** Hubs: a client announced more topics than it may; those beyond are not heard */
  'client:over': CustomEvent<{ peer: PeerId, max: number }>
}

export interface Gossip extends Startable, EventTarget {
  readonly role: GossipRole
  /** Idempotent; before the start it is remembered */
  subscribe (space: SpaceId): void
  /** Idempotent; a hub stays in the topic while a client of it is */
  unsubscribe (space: SpaceId): void
  /** Spaces this node itself subscribed to */
  spaces (): SpaceId[]
  /**
   * Tells the neighbours in the space. Subscribe first: a hub answers only who announced the topic. If nobody is there yet, the
   * message waits a few seconds for the first.
   *
   * @returns how many neighbours it went to
   * @throws {LimitExceededError} over the size of a gossip message
   */
  publish (space: SpaceId, kind: GossipKind, bytes: Uint8Array): Promise<number>
  /** Neighbours in the space, in the order they came */
  neighbours (space: SpaceId): PeerId[]
  /** Hubs: names a topic to another hub first, as a client would; for the link to a followed author's relay */
  announce (peer: PeerId, space: SpaceId): void
  withdraw (peer: PeerId, space: SpaceId): void
  /** Whether messages reach a peer: a gossip stream to it is open */
  reaches (peer: PeerId): boolean

  addEventListener<K extends keyof GossipEvents> (type: K, listener: (event: GossipEvents[K]) => void, options?: AddEventListenerOptions): void
  removeEventListener<K extends keyof GossipEvents> (type: K, listener: (event: GossipEvents[K]) => void): void
}

/** Makes the libp2p service */
export function gossip (init: GossipInit): (components: GossipComponents) => Gossip {
  return components => new GossipService(init, components)
}
