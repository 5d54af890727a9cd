import { peerIdFromString } from '@libp2p/peer-id'
import { systemClock, systemRandom } from '../interface.ts'
import { createTokenBook } from '../invite/index.ts'
import { createLog } from '../log/index.ts'
import { prefixStore } from '../storage/index.ts'
import { createWall } from '../wall/index.ts'
import { createAccount } from './account.ts'
import { connectionView } from './connection-view.ts'
import { createDeliveries } from './deliveries.ts'
import { createDevices } from './device-book.ts'
import { createFollows } from './follows.ts'
import { ownHolders } from './holders.ts'
import { createInvitations } from './invitations.ts'
import { createKeys } from './keys.ts'
import { lazyMedia } from './lazy-media.ts'
import { PeerLife } from './life.ts'
import { createMembership } from './membership.ts'
import { openMedia } from './open-media.ts'
import { ownChain } from './own-chain.ts'
import { ownRelays } from './own-relays.ts'
import { ownSpace, writePolicy } from './own-space.ts'
import { createPosts } from './posts.ts'
import { createPrimacy } from './primacy.ts'
import { beginRunning, endRunning, openRunning } from './running.ts'
import { createSettings } from './settings.ts'
import { createSharing } from './sharing.ts'
import { createWaiting } from './waiting.ts'
import { createWalls } from './walls.ts'
import { createWriter } from './writer.ts'
import type { Peer, PeerInit } from './index.ts'
import type { Life, Parts } from './parts.ts'
import type { Store } from '../interface.ts'

const encoder = new TextEncoder()
const ROUND_TRIP_TIMEOUT_MS = 5_000

function part (store: Store, name: string): Store {
  return prefixStore(store, encoder.encode(`${name}/`))
}

function makeParts (init: PeerInit, life: Life): Parts {
  const { keys, role, store, clock = systemClock, random = systemRandom } = init
  const settingsStore = part(store, 's')
  const settings = createSettings(settingsStore)
  const policy = writePolicy()
  const log = createLog({ store: part(store, 'l'), clock, mayWrite: policy.mayWrite })
  const account = createAccount({
    store: settingsStore,
    keys,
    log,
    clock,
    random,
    role,
    knowsOwn: async () => chain.known()
  })
  const chain = ownChain({ account, log, unsure: settings.unsure, space: () => account.requireMe().space }, life)
  const waiting = createWaiting(part(store, 'w'))
  const writer = createWriter({ account, clock, log, ownChain: chain, waiting, changed: life.waitingChanged, signal: life.signal })
  const walls = createWalls({ log, clock, createWall })
  const posts = createPosts({ account, walls, random, writer })
  const deliveries = createDeliveries(part(store, 'd'))
  const relays = ownRelays({ account, ownChain: chain, posts, settings, walls }, life)

  return {
    clock,
    random,
    account,
    log,
    walls,
    posts,
    settings,
    deliveries,
    ownChain: chain,
    ownSpace: ownSpace({ account, clock, keys, log, policy, random, settings }, life),
    waiting,
    writer,
    relays,
    holders: ownHolders({ account, deliveries, relays }, life),
    tokens: createTokenBook(part(store, 't'), clock, random),
    media: lazyMedia(async () => openMedia(init, { account, clock }, life))
  }
}

/** Makes a peer over what is stored; it touches no network before `start` */
export async function createPeer (init: PeerInit): Promise<Peer> {
  const events = new EventTarget()
  const life: PeerLife = new PeerLife({
    open: async () => openRunning(init, parts, life),
    begin: async running => beginRunning(init, parts, { devices, follows, sharing }, running, life, events),
    end: async running => endRunning(parts, running),
    sessionChanged: () => { void parts.holders.refresh().then(() => { events.dispatchEvent(new CustomEvent('session:changed')) }) },
    waitingChanged: () => { events.dispatchEvent(new CustomEvent('waiting:changed')) }
  })
  const parts = makeParts(init, life)
  const follows = createFollows(parts, life)
  const sharing = createSharing(parts, follows, life)
  const devices = createDevices({ parts, sharing, primacy: createPrimacy(parts, life) }, life)
  const { packKeys, ...membership } = createMembership(parts, { devices, follows, sharing }, life)
  const { account, log, walls, posts, media, settings, deliveries, holders, relays } = parts
  // few need it, and it is much
  const archives = async (): Promise<ReturnType<typeof import('./archives.ts').createArchives>> => {
    const { createArchives } = await import('./archives.ts')

    return createArchives(parts, { restore: membership.restore, packKeys }, life)
  }

  return Object.assign<EventTarget, Omit<Peer, keyof EventTarget>>(events, {
    account,
    log,
    walls,
    posts,
    media,
    settings,
    deliveries,
    devices,
    keys: createKeys(parts, life),
    follow: follows.follow,
    unfollow: follows.unfollow,
    watch: follows.watch,
    ...membership,
    ...createInvitations(parts, life),
    exportArchive: async options => (await archives()).exportArchive(options),
    importArchive: async (file, options) => (await archives()).importArchive(file, options),

    start: async () => life.start(),
    stop: async () => life.stop(),
    connection: () => connectionView(life.running(), parts),
    delivery: holders.delivery,

    async roundTrip (peer) {
      const { network } = await life.run()

      return network.services.ping.ping(peerIdFromString(peer), { signal: AbortSignal.timeout(ROUND_TRIP_TIMEOUT_MS) })
    },

    reconnect () {
      life.running()?.network.services.supervisor.reconnect()
      life.callAll()
    },

    async addRelay (info) {
      await relays.add(info)
      life.sessionChanged()
    },

    async setDirect (on) {
      await settings.direct.update(() => on)
      life.callAll()
      life.sessionChanged()
    },

    async fetch (space, ref, options = {}) {
      const { keeper } = await life.run()

      return media.get(ref.cid, ref.size, { ...options, providers: keeper.providers(space) })
    }
  })
}
