import { sha256, withDomain } from '../hash.ts'
import { HUB_MESH, MAX_OUTBOUND_BUFFER_BYTES, MAX_SUBSCRIPTIONS_PER_RPC, MAX_TOPIC_BYTES_PER_PEER } from './constants.ts'
import type { GossipRole } from './index.ts'
import type { Rejects } from './rejects.ts'
import type { GossipsubOpts } from '@libp2p/gossipsub'

/** SHA-256(topic ‖ 0 ‖ data): with the data alone, a replay under another topic would make the real message a duplicate */
export function messageId (topic: string, data: Uint8Array): Uint8Array {
  return sha256(withDomain(topic, data))
}

/** Settings of gossipsub, for both roles */
export function settings (role: GossipRole, rejects: Rejects): Partial<GossipsubOpts> {
  return {
    ...(role === 'hub' ? HUB_MESH : {}),
    globalSignaturePolicy: 'StrictNoSign',
    msgIdFn: message => messageId(message.topic, message.data),
    fallbackToFloodsub: false,
    allowPublishToZeroTopicPeers: true,
    ignoreDuplicatePublishError: true,
    emitSelf: false,
    doPX: false,
    // would write every topic of every peer into the peer store, over and over: with 4,000 topics that takes most of a minute
    tagMeshPeers: false,
    unsubcribeBackoff: 1_000,
    directPeers: [],
    // circuits carry no gossip: the hub does
    runOnLimitedConnection: false,
    maxTopicBytesPerPeer: MAX_TOPIC_BYTES_PER_PEER,
    maxOutboundBufferSize: MAX_OUTBOUND_BUFFER_BYTES,
    decodeRpcLimits: {
      maxSubscriptions: MAX_SUBSCRIPTIONS_PER_RPC,
      maxMessages: 5_000,
      maxIhaveMessageIDs: 5_000,
      maxIwantMessageIDs: 5_000,
      maxIdontwantMessageIDs: 512,
      maxControlMessages: 5_000,
      maxPeerInfos: 16
    },
    scoreParams: {
      appSpecificScore: peer => rejects.score(peer),
      appSpecificWeight: 1,
      // behind a reverse proxy or a relay everybody has the same address
      IPColocationFactorWeight: 0
    }
  }
}
