/**
 * The wall cache: what makes a relay the hub of the walls its clients follow. It hears gossip, keeps walls in step with whoever offers and
 * whoever wants them, keeps media that owners ask it to keep, and fetches through what it does not hold.
 */
import { join } from 'node:path'
import { isPrivateSpace, memoryStore, systemClock, wallOwner } from '@pergola/protocols'
import { follow } from '@pergola/protocols/follow'
import { gossip } from '@pergola/protocols/gossip'
import { createLog } from '@pergola/protocols/log'
import { createMedia, memoryCache, pinRegistry, pins, quotaBlockstore, storeBlockstore } from '@pergola/protocols/media'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { supervisor } from '@pergola/protocols/supervisor'
import { sync } from '@pergola/protocols/sync'
import { isDialable, scopeOf } from './dialable.ts'
import { judgeMessage } from './judge.ts'
import { hasReader, keepInStep } from './keep-in-step.ts'
import { openPrivateSpaces } from './private-spaces.ts'
import { createUpstream } from './upstream.ts'
import type { PrivateLimits } from './private-ledger.ts'
import type { Upstream } from './upstream.ts'
import type { RelayContext, RelayExtension } from '../index.ts'
import type { Libp2p, ServiceMap } from '@libp2p/interface'
import type { Signer, SpaceId, Store } from '@pergola/protocols'
import type { Follow } from '@pergola/protocols/follow'
import type { Gossip } from '@pergola/protocols/gossip'
import type { Supervisor } from '@pergola/protocols/supervisor'
import type { Sync } from '@pergola/protocols/sync'
import type { ServiceFactoryMap } from 'libp2p'

/** Blocks held in memory by a relay that keeps nothing */
const MEMORY_CACHE_BYTES = 64 * 1024 * 1024
/** Of one wall, before its owner is told that the relay is full */
const MAX_PINNED_FILE_BYTES = 256 * 1024 * 1024

export interface WallServices extends ServiceMap {
  gossip: Gossip
  sync: Sync
  follow: Follow
  /** Of the links to other relays */
  supervisor: Supervisor
}

export interface WallCacheInit {
  /** Folder of the relay's data */
  dataDir: string
  /** `none`: nothing is kept but what somebody asks for right now, in memory; nobody gets a receipt then; @default 'disk' */
  cache?: 'disk' | 'none'
  /** Bytes of media on disk at the most; @default 10 GB */
  maxMediaBytes?: number
  /** What is kept of private spaces; @default follow.md, FO17 */
  privateSpaces?: Partial<PrivateLimits>
}

export interface WallCache {
  services (context: RelayContext): ServiceFactoryMap<WallServices>
  extension: RelayExtension<WallServices>
  /** Closes the stores, so that another program may open them; after the relay has stopped. Idempotent */
  close (): Promise<void>
}

const DEFAULT_MAX_MEDIA_BYTES = 10_000_000_000

interface Disk {
  walls: Store
  blocks: Store
}

async function openDisk (dataDir: string, keeps: boolean): Promise<Disk> {
  return keeps
    ? { walls: await openLevelStore(join(dataDir, 'store')), blocks: await openLevelStore(join(dataDir, 'blocks')) }
    : { walls: memoryStore(), blocks: memoryStore() }
}

/** A relay's receipts are signed by its peer key, which its clients know from its relay-info */
function receiptSigner ({ privateKey }: RelayContext): Signer {
  return {
    publicKey: privateKey.publicKey.raw,
    sign: async message => privateKey.sign(message)
  }
}

/**
 * Opens the stores, which whoever asked for it closes in the end. The relay that is given the services and the extension starts and stops
 * the rest, any number of times in between.
 *
 * @throws {StoreLockedError | StoreDamagedError}
 */
export async function openWallCache (init: WallCacheInit): Promise<WallCache> {
  const keeps = init.cache !== 'none'
  const disk = await openDisk(init.dataDir, keeps)
  // nobody can read here who may write in a private space; those who share it judge for themselves
  const log = createLog({ store: disk.walls, clock: systemClock, mayWrite: (space, identity) => isPrivateSpace(space) || wallOwner(space) === identity })
  const spaces = await openPrivateSpaces({ store: disk.walls, log, askers, ...(init.privateSpaces == null ? {} : { limits: init.privateSpaces }) })
  let signer: Signer | undefined
  let running: { libp2p: Libp2p<WallServices>, upstream: Upstream, stop (): Promise<void> } | undefined

  function askers (space: SpaceId): string[] {
    const follow = running?.libp2p.services.follow

    return follow == null ? [] : [...follow.followers(space), ...follow.offers(space)].map(String)
  }

  /** Without a cache a wall is held only while somebody who lacks it wants it */
  function admits (space: SpaceId): boolean {
    const follow = running?.libp2p.services.follow

    return follow != null && (keeps ? askers(space).length > 0 : hasReader(follow, space))
  }

  /** Asked before each try: a name may have other addresses by then */
  async function dialable ({ outbound, addrs }: RelayContext, peer: string): Promise<string[]> {
    const scope = scopeOf(addrs)
    const ways = running?.upstream.ways(peer) ?? []
    const allowed = await Promise.all(ways.map(async ({ address }) => isDialable(address, { scope })))
    const judged = ways.filter((_, i) => allowed[i])

    // it may not be wanted any more
    if (running == null || running.upstream.ways(peer).length === 0) {
      return []
    }

    outbound.allow(peer, judged)

    return judged.map(({ address }) => address)
  }

  return {
    services (context) {
      signer = receiptSigner(context)

      return {
        gossip: gossip({ role: 'hub', validate: async message => judgeMessage({ log, admits, takes: async (space, bytes) => spaces.takes(space, bytes) }, message) }),
        sync: sync({
          log,
          admits: (space, peer) => admits(space) && running?.upstream.admits(space, peer) !== false,
          takes: async (space, _peer, bytes, recordOf) => spaces.takes(space, bytes, recordOf),
          ...(keeps ? { receipts: signer } : {})
        }),
        follow: follow({
          serve: {
            admits: (peer, { space }) => spaces.mayAsk(space, peer.toString()) || 'cap',
            isComing: (peer, space) => running?.upstream.isComing(peer, space) === true
          }
        }),
        supervisor: supervisor({
          reserves: false,
          dialable: async ({ peer }) => dialable(context, peer)
        })
      }
    },

    extension: {
      async start ({ libp2p, outbound }) {
        const registry = pinRegistry(disk.blocks)
        const blockstore = keeps
          ? await quotaBlockstore(storeBlockstore(disk.blocks), { maxBytes: init.maxMediaBytes ?? DEFAULT_MAX_MEDIA_BYTES, keeps: async cid => registry.keeps(cid) })
          : await memoryCache(MEMORY_CACHE_BYTES)
        const upstream = createUpstream(libp2p, outbound)
        const inStep = keepInStep({ libp2p, spaces, forgets: !keeps, upstream: (peer, space) => upstream.sourcesFor(peer, space) })
        const media = await createMedia({ libp2p, store: disk.blocks, blockstore, pins: registry, sourcesFor: peer => inStep.sourcesFor(peer) })
        const pinning = keeps && signer != null
          ? pins({
            media,
            signer,
            admits: (peer, space, _cid, size) => size <= MAX_PINNED_FILE_BYTES && libp2p.services.follow.offers(space).some(offerer => offerer.equals(peer)),
            sources: (_peer, space) => libp2p.services.follow.offers(space)
          })({ libp2p })
          : undefined

        await pinning?.start()
        inStep.start()
        running = {
          libp2p,
          upstream,
          async stop () {
            upstream.stop()
            await inStep.stop()
            await pinning?.stop()
            await media.stop()
          }
        }
        // its tries ask for the ways, so it begins when everything else stands
        upstream.start()
      },

      async stop () {
        await running?.stop()
        running = undefined
      }
    },

    async close () {
      await Promise.all([disk.walls.close(), disk.blocks.close()])
    }
  }
}
