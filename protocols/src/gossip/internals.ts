/**
 * What this folder touches inside gossipsub beyond its public interface. The version is pinned, and the tests of this folder fail
 * when any of it changes.
 */
import type { GossipSub } from '@libp2p/gossipsub'
import type { Connection, PeerId, Startable, Stream } from '@libp2p/interface'

export interface SubscriptionOption {
  subscribe?: boolean
  topic?: string
}

export interface Rpc {
  subscriptions: SubscriptionOption[]
  messages: Array<{ topic: string, data?: Uint8Array }>
}

export interface GossipSubInternals extends GossipSub, Startable {
  /** Known neighbours by the text of their PeerId */
  readonly peers: Map<string, PeerId>
  /** Who announced which topic */
  readonly topics: Map<string, Set<string>>
  /** What this node is in */
  readonly subscriptions: Set<string>
  readonly mesh: Map<string, Set<string>>
  /** Until when which neighbour is not taken into the mesh of a topic */
  readonly backoff: Map<string, Map<string, number>>
  readonly streamsOutbound: Map<string, { rawStream: Stream }>
  readonly outboundInflightQueue: { push (item: { peerId: PeerId, connection: Connection }): void }
  isStarted (): boolean
  join (topic: string): void
  leave (topic: string): void
  selectPeersToForward (topic: string, source?: string, except?: Set<string>): Set<string>
  sendSubscriptions (peer: string, topics: string[], subscribe: boolean): void
  onIncomingStream (stream: Stream, connection: Connection): void
  createOutboundStream (peer: PeerId, connection: Connection): Promise<void>
  handleReceivedRpc (from: PeerId, rpc: Rpc): Promise<void>
  onPeerDisconnected (peer: PeerId): void
}
