/**
 * Helia over a libp2p node that is already there, and the parts of its Bitswap that we drive ourselves. Helia has no routers here and no
 * other broker, so it can contact nobody by itself; and its own way to answer wants is replaced (serve.ts), because it loads all the blocks
 * of a want list at once and remembers wants that it will not answer again.
 */
import { withBitswap } from '@helia/bitswap'
import { createHeliaLight } from 'helia'
import { MAX_BLOCK_BYTES, MAX_INBOUND_STREAMS_PER_PEER, MESSAGE_BLOCK_BYTES, MESSAGE_TIMEOUT_MS } from './constants.ts'
import { openStream } from './open-stream.ts'
import type { BitswapMessage } from './message.ts'
import type { BitswapBlockBrokerInit } from '@helia/bitswap'
import type { Connection, Libp2p, PeerId, Startable } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'
import type { Datastore } from 'interface-datastore'
import type { CID } from 'multiformats/cid'

/** A want list as it comes in */
export interface ReceivedMessage {
  wantlist?: {
    entries: Array<{ cid: Uint8Array, priority: number, cancel?: boolean, wantType?: string, sendDontHave?: boolean }>
    full?: boolean
  }
}

export interface NetworkEvents {
  'peer:connected': CustomEvent<PeerId>
  'peer:disconnected': CustomEvent<PeerId>
}

export interface WantEvents {
  /** The CID is made from the bytes that arrived, so the block is what it says */
  block: CustomEvent<{ cid: CID, block: Uint8Array, connection: Connection }>
  presence: CustomEvent<{ sender: PeerId, cid: CID, has: boolean }>
}

interface Target<Events> {
  addEventListener<K extends keyof Events> (type: K, listener: (event: Events[K]) => void): void
  removeEventListener<K extends keyof Events> (type: K, listener: (event: Events[K]) => void): void
}

export interface Exchange extends Startable {
  events: Target<NetworkEvents>
  received: Target<WantEvents>
  /** Resolves when the message has left, or was given up; merged with others that wait for the same peer */
  send (peer: PeerId, message: BitswapMessage): Promise<void>
  /** From now on want lists go there and nowhere else */
  onWants (handler: (peer: PeerId, message: ReceivedMessage) => void): void
  decodeLinks (cid: CID, block: Uint8Array): Promise<CID[]>
}

export interface ExchangeInit {
  libp2p: Libp2p
  datastore: Datastore
  blockstore: Blockstore
}

/** What is used of the internals of Helia's Bitswap 4; `bitswapOf` and a test watch that they stay what they are */
interface Bitswap {
  network: Target<NetworkEvents> & { sendMessage (peer: PeerId, message: BitswapMessage): Promise<void> }
  wantList: Target<WantEvents>
  peerWantLists: { receiveMessage (peer: PeerId, message: ReceivedMessage): void }
}

/** An option that PeerWantLists reads, but the types call otherwise */
type BitswapInit = BitswapBlockBrokerInit & { maxOutgoingMessageSize: number }

const BITSWAP: BitswapInit = {
  runOnLimitedConnections: true,
  messageSendTimeout: MESSAGE_TIMEOUT_MS,
  messageReceiveTimeout: MESSAGE_TIMEOUT_MS,
  messageSendConcurrency: 512,
  maxInboundStreams: MAX_INBOUND_STREAMS_PER_PEER,
  maxOutboundStreams: MAX_INBOUND_STREAMS_PER_PEER,
  maxOutgoingMessageSize: MESSAGE_BLOCK_BYTES + MAX_BLOCK_BYTES + 64 * 1024,
  maxIncomingMessageSize: 4 * 1024 * 1024
}

function bitswapOf (helia: object): Bitswap {
  const brokers = (helia as { blockBrokers: Array<{ name: string, bitswap?: Bitswap, retrieve?: unknown }> }).blockBrokers
  const broker = brokers.find(({ name }) => name === 'bitswap')
  const bitswap = broker?.bitswap

  if (broker == null || brokers.length !== 1 || typeof bitswap?.network.sendMessage !== 'function' ||
    typeof bitswap.peerWantLists.receiveMessage !== 'function' || typeof bitswap.wantList.addEventListener !== 'function') {
    throw new Error('This version of @helia/bitswap is not the one that media was made for')
  }

  // without it Helia cannot ask every connected peer for a block that is not here
  broker.retrieve = undefined

  return bitswap
}

/** What Bitswap uses of libp2p. It asks only those who are connected */
function hostOf (libp2p: Libp2p): Pick<Libp2p, 'handle' | 'unhandle' | 'register' | 'unregister' | 'getConnections' | 'dialProtocol'> {
  return {
    handle: libp2p.handle.bind(libp2p),
    unhandle: libp2p.unhandle.bind(libp2p),
    register: libp2p.register.bind(libp2p),
    unregister: libp2p.unregister.bind(libp2p),
    getConnections: libp2p.getConnections.bind(libp2p),
    dialProtocol: async (peer, protocol, options) => openStream(libp2p, peer as PeerId, String(protocol), options)
  }
}

/** Starts Helia; libp2p is neither started nor stopped */
export async function createExchange ({ libp2p, datastore, blockstore }: ExchangeInit): Promise<Exchange> {
  const helia = createHeliaLight({ datastore, blockstore, logger: libp2p.logger })
  const heliaWithLibp2p = Object.defineProperty(helia, 'libp2p', { value: hostOf(libp2p) }) as Parameters<typeof withBitswap>[0]
  await withBitswap(heliaWithLibp2p, BITSWAP).start()
  const { network, wantList, peerWantLists } = bitswapOf(helia)

  return {
    events: network,
    received: wantList,
    send: async (peer, message) => network.sendMessage(peer, message),
    onWants (handler) {
      peerWantLists.receiveMessage = handler
    },
    async decodeLinks (cid, block) {
      const node = (await helia.getCodec(cid.code)).decode(block) as { Links?: Array<{ Hash: CID }> }

      return (node.Links ?? []).map(({ Hash }) => Hash)
    },
    async start () {
      if (helia.status === 'stopped') {
        await helia.start()
      }
    },
    async stop () {
      if (helia.status === 'started') {
        await helia.stop()
      }
    }
  }
}
