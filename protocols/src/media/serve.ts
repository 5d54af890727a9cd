/**
 * Answers the want lists of other peers, block by block: memory for one peer is one answer and a bounded list of wants. A block that is not
 * here may be fetched through (through.ts).
 */
import { CID } from 'multiformats/cid'
import { blockKey } from './block-key.ts'
import { MAX_BLOCK_BYTES, MAX_SERVED_WANTS_PER_PEER, MAX_WANTS_PER_MESSAGE, MESSAGE_BLOCK_BYTES, SMALL_BLOCK_BYTES } from './constants.ts'
import { addBlock, addPresence, bitswapMessage } from './message.ts'
import { readBlock } from './read-block.ts'
import type { Exchange, NetworkEvents, ReceivedMessage } from './exchange.ts'
import type { BitswapMessage } from './message.ts'
import type { Through } from './through.ts'
import type { Logger, PeerId, Startable } from '@libp2p/interface'
import type { Blockstore } from 'interface-blockstore'

interface WantOfPeer {
  cid: CID
  /** Only whether it is here */
  presence: boolean
  sendDontHave: boolean
  /** Fetched through for this peer */
  block?: Uint8Array
  /** Could not be fetched through */
  missing?: boolean
}

interface Client {
  peer: PeerId
  /** Oldest first */
  wants: Map<string, WantOfPeer>
  /** Being fetched through */
  awaited: Map<string, AbortController>
  /** To be told that they are not here; bounded, what is over it is not answered */
  refused: Map<string, CID>
  sending: boolean
}

export interface BlockServerInit {
  exchange: Exchange
  blockstore: Blockstore
  /** Whether a peer gets anything at all */
  admits (peer: PeerId): boolean
  through?: Through
  log: Logger
}

export function blockServer ({ exchange, blockstore, admits, through, log }: BlockServerInit): Startable {
  const clients = new Map<string, Client>()
  let started = false

  function receive (peer: PeerId, message: ReceivedMessage): void {
    const { wantlist } = message

    if (!started || wantlist == null || (wantlist.entries.length === 0 && wantlist.full !== true)) {
      return
    }

    const name = peer.toString()
    const client = clients.get(name) ?? { peer, wants: new Map(), awaited: new Map(), refused: new Map(), sending: false }
    const admitted = admits(peer)

    if (wantlist.full === true) {
      forget(client)
    }

    for (const entry of wantlist.entries.slice(0, MAX_WANTS_PER_MESSAGE)) {
      const cid = CID.decode(entry.cid)
      const key = blockKey(cid)

      if (entry.cancel === true) {
        client.wants.delete(key)
        client.awaited.get(key)?.abort()
        client.awaited.delete(key)
      } else if (admitted && client.wants.size + client.awaited.size < MAX_SERVED_WANTS_PER_PEER) {
        if (!client.awaited.has(key)) {
          client.wants.set(key, { cid, presence: entry.wantType === 'WantHave', sendDontHave: entry.sendDontHave === true })
        }
      } else if (entry.sendDontHave === true && client.refused.size < MAX_WANTS_PER_MESSAGE) {
        client.refused.set(key, cid)
      }
    }

    clients.set(name, client)
    void pump(client)
  }

  /** Sends answer after answer, each when the one before has left */
  async function pump (client: Client): Promise<void> {
    if (client.sending) {
      return
    }

    client.sending = true

    try {
      while (true) {
        const message = bitswapMessage()
        await fill(client, message)

        if (message.blocks.size > 0 || message.blockPresences.size > 0) {
          await exchange.send(client.peer, message)
        } else if (client.wants.size === 0 && client.refused.size === 0) {
          break
        }
      }
    } catch (err) {
      log('could not answer %p - %e', client.peer, err)
      forget(client)
    } finally {
      client.sending = false
      const name = client.peer.toString()

      if (client.wants.size === 0 && client.awaited.size === 0 && clients.get(name) === client) {
        clients.delete(name)
      }
    }
  }

  async function fill (client: Client, message: BitswapMessage): Promise<void> {
    let bytes = 0

    for (const cid of client.refused.values()) {
      addPresence(message, cid, false)
    }

    client.refused.clear()

    for (const [key, want] of client.wants) {
      client.wants.delete(key)
      const block = want.block ?? (want.missing === true ? undefined : await readBlock(blockstore, want.cid))

      if (block == null) {
        if (want.missing !== true && !want.presence && through?.mayFetch(want.cid, client.peer) === true) {
          void fetchThrough(client, key, want, through)
        } else if (want.sendDontHave) {
          addPresence(message, want.cid, false)
        }
      } else if (block.length > MAX_BLOCK_BYTES) {
        addPresence(message, want.cid, false)
      } else if (want.presence && block.length > SMALL_BLOCK_BYTES) {
        addPresence(message, want.cid, true)
      } else {
        addBlock(message, want.cid, block)
        bytes += block.length
      }

      if (bytes >= MESSAGE_BLOCK_BYTES) {
        break
      }
    }
  }

  async function fetchThrough (client: Client, key: string, want: WantOfPeer, through: Through): Promise<void> {
    const controller = new AbortController()
    client.awaited.set(key, controller)
    const block = await through.fetch(want.cid, client.peer, { signal: controller.signal })

    if (client.awaited.get(key) === controller) {
      client.awaited.delete(key)
      client.wants.set(key, { ...want, block, missing: block == null })
      void pump(client)
    }
  }

  function forget (client: Client): void {
    client.wants.clear()

    for (const controller of client.awaited.values()) {
      controller.abort()
    }

    client.awaited.clear()
    client.refused.clear()
  }

  function onDisconnect ({ detail: peer }: NetworkEvents['peer:disconnected']): void {
    const name = peer.toString()
    const client = clients.get(name)

    if (client != null) {
      forget(client)
      clients.delete(name)
    }
  }

  return {
    start () {
      if (!started) {
        started = true
        exchange.onWants((peer, message) => {
          try {
            receive(peer, message)
          } catch (err) {
            log('%p sent a malformed want list - %e', peer, err)
          }
        })
        exchange.events.addEventListener('peer:disconnected', onDisconnect)
      }
    },
    stop () {
      started = false
      exchange.events.removeEventListener('peer:disconnected', onDisconnect)
      clients.forEach(forget)
      clients.clear()
    }
  }
}
