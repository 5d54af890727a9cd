import { peerIdFromString } from '@libp2p/peer-id'
import { publicWall, toHex } from '../ids.ts'
import { systemClock, systemRandom } from '../interface.ts'
import { createInvite, createTokenBook, decodePairing, encodeInvite } from '../invite/index.ts'
import { MAX_RELAYS } from '../limits.ts'
import { createLog } from '../log/index.ts'
import { encodeClaim, MAX_PAIRED_PEERS } from '../pairing/index.ts'
import { peerKey } from '../relay-info/index.ts'
import { prefixStore } from '../storage/index.ts'
import { createWall } from '../wall/index.ts'
import { createAccount } from './account.ts'
import { packBackup, unpackBackup } from './backups.ts'
import { createCallers } from './callers.ts'
import { createDeliveries } from './deliveries.ts'
import { AlreadyJoinedError, NoRelayError } from './errors.ts'
import { createKeeper } from './keeper.ts'
import { lazyMedia } from './lazy-media.ts'
import { openNetwork } from './open-network.ts'
import { ownDevices } from './own-devices.ts'
import { createPinner } from './pinner.ts'
import { createPosts } from './posts.ts'
import { createSettings } from './settings.ts'
import { createWalls } from './walls.ts'
import type { Account } from './account.ts'
import type { BackupOptions } from './backups.ts'
import type { Callers } from './callers.ts'
import type { Deliveries } from './deliveries.ts'
import type { ConnectionView, Delivery, PairingOffer, Peer, PeerInit, Watch } from './index.ts'
import type { Keeper } from './keeper.ts'
import type { LazyMedia, OpenMedia } from './lazy-media.ts'
import type { PeerNetwork } from './network.ts'
import type { OwnDevices } from './own-devices.ts'
import type { Holder, Pinner } from './pinner.ts'
import type { Posts } from './posts.ts'
import type { Settings } from './settings.ts'
import type { Walls } from './walls.ts'
import type { DeviceRole } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions, Clock, Random, Store } from '../interface.ts'
import type { Invite, Pairing as PairingLink, TokenBook } from '../invite/index.ts'
import type { Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { MediaRef, PostView } from '../wall/index.ts'

const encoder = new TextEncoder()
const HOME_NAME = 'home'
/** Of pictures kept, own ones included; the least recently seen of others' go first */
const MAX_MEDIA_BYTES: Record<DeviceRole, number> = { client: 2_000_000_000, home: 50_000_000_000 }
const CALL_TIMEOUT_MS = 20_000
const ROUND_TRIP_TIMEOUT_MS = 5_000

function part (store: Store, name: string): Store {
  return prefixStore(store, encoder.encode(`${name}/`))
}

/** What exists while a peer runs */
interface Running {
  network: PeerNetwork
  keeper: Keeper
  callers: Callers
  pinner: Pinner
}

class ComposedPeer extends EventTarget implements Peer {
  readonly account: Account
  readonly log: Log
  readonly walls: Walls
  readonly posts: Posts
  readonly media: LazyMedia
  readonly settings: Settings
  readonly deliveries: Deliveries
  readonly #init: PeerInit
  readonly #clock: Clock
  readonly #random: Random
  readonly #tokens: TokenBook
  readonly #abort = new AbortController()
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #relays: RelayInfo[] = []
  #reachQueue: Promise<void> = Promise.resolve()

  constructor (init: PeerInit, log: Log) {
    super()

    const clock = init.clock ?? systemClock
    const random = init.random ?? systemRandom
    const settingsStore = part(init.store, 's')

    this.#init = init
    this.#clock = clock
    this.#random = random
    this.log = log
    this.settings = createSettings(settingsStore)
    this.account = createAccount({ store: settingsStore, keys: init.keys, log, clock, random, role: init.role, knowsOwn: async () => this.#knowsOwn() })
    this.walls = createWalls({ log, clock, createWall })
    this.posts = createPosts({ account: this.account, walls: this.walls, random })
    this.deliveries = createDeliveries(part(init.store, 'd'))
    this.#tokens = createTokenBook(part(init.store, 't'), clock, random)
    this.media = lazyMedia(async () => this.#openMedia())
  }

  async #openMedia (): Promise<OpenMedia> {
    const { createMedia, pins } = await import('../media/index.ts')
    const { network, keeper, callers } = await this.#run()
    const { role, keys, blocks } = this.#init
    const media = await createMedia({ libp2p: network, store: blocks, clock: this.#clock, maxBytes: MAX_MEDIA_BYTES[role] })
    const asked = pins({
      media,
      clock: this.#clock,
      ...(role === 'home' ? { signer: await keys.deviceSigner() } : {}),
      admits: (peer, space) => callers.isOwn(peer) && space === this.account.me()?.space,
      sources: (_peer, space) => keeper.providers(space)
    })({ libp2p: network })

    await asked.start()

    return {
      media,
      pins: asked,
      async stop () {
        await asked.stop()
        await media.stop()
      }
    }
  }

  async start (): Promise<void> {
    this.#starting ??= this.#start()

    return this.#starting
  }

  async #run (): Promise<Running> {
    await this.start()

    if (this.#running == null) {
      throw new Error('The peer was stopped')
    }

    return this.#running
  }

  async #start (): Promise<void> {
    const { account, log, walls, settings, deliveries, media } = this
    const { role } = this.#init

    await account.load()
    await deliveries.load()

    if (this.#init.repaired === true && account.me() != null) {
      await settings.unsure.update(() => true)
    }

    this.#relays = await settings.relays.get()

    const network = await openNetwork({
      ...this.#init,
      account,
      log,
      settings,
      tokens: this.#tokens,
      clock: this.#clock,
      random: this.#random,
      relays: () => this.#relays,
      judges: () => this.#running,
      pair: async link => this.pair(decodePairing(link), HOME_NAME)
    })
    const { services } = network
    const callers = createCallers({ account, log, settings, network })
    const keeper = createKeeper({ account, log, walls, settings, network, isTrusted: peer => callers.isTrusted(peer) })
    const pinner = createPinner({ role, account, walls, media, deliveries, keeper, pins: async () => media.protocol(), holders: () => this.#holders() })
    const signal = this.#abort.signal

    this.#running = { network, keeper, callers, pinner }

    const changed = (): void => { this.dispatchEvent(new CustomEvent('connection:changed')) }

    services.supervisor.addEventListener('state:changed', ({ detail }) => {
      changed()

      if (detail.state === 'connected') {
        pinner.run()
      }
    }, { signal })
    callers.addEventListener('callers:changed', changed, { signal })
    callers.addEventListener('peer:trusted', event => {
      keeper.engage((event as CustomEvent).detail)
      pinner.run()
    }, { signal })
    services.sync.addEventListener('receipt:received', ({ detail }) => { void deliveries.take(detail.receipt) }, { signal })
    walls.addEventListener('wall:changed', ({ detail }) => {
      if (detail.space === account.me()?.space) {
        pinner.run()
      }
    }, { signal })
    log.addEventListener('record:changed', ({ detail }) => {
      if (detail.record.record.identity === account.me()?.identity) {
        void account.reassert()
        this.#sessionChanged()
      }
    }, { signal })
    this.#init.wake?.addEventListener('wake', () => { this.reconnect() }, { signal })

    keeper.start()
    callers.start()

    const me = account.me()

    if (me != null) {
      await this.#refreshHomes()
      await walls.open(me.space)
      keeper.keep(me.space, [])
    }

    for (const { space, relays } of await settings.follows.get()) {
      keeper.keep(space, relays)
    }

    for (const info of this.#relays) {
      services.supervisor.add(info)
    }

    if (role === 'home') {
      media.begin()
      pinner.run()
    }
  }

  async #knowsOwn (): Promise<void> {
    if (await this.settings.unsure.get()) {
      const { keeper } = await this.#run()

      await keeper.caughtUp(this.account.requireMe().space, { signal: this.#abort.signal })
      await this.settings.unsure.update(() => false)
    }
  }

  async stop (): Promise<void> {
    this.#stopping ??= (async () => {
      this.#abort.abort()

      await this.#starting?.catch(() => {})

      const running = this.#running

      running?.pinner.stop()
      running?.callers.stop()
      running?.keeper.stop()
      this.walls.stop()
      await this.media.stop()
      await running?.network.stop()
      this.#running = undefined
    })()

    return this.#stopping
  }

  connection (): ConnectionView {
    const running = this.#running

    if (running == null) {
      return { light: 'red', relays: [], people: [] }
    }

    const { network, callers } = running
    const relays = network.services.supervisor.states()

    return {
      light: network.services.supervisor.light(),
      relays,
      people: callers.proved().map(({ peer, identity, device, own }) => {
        const connections = network.getConnections(peer)
        const direct = connections.find(({ limits }) => limits == null)
        const wall = this.walls.peek(publicWall(identity))

        return {
          identity,
          own,
          home: own && device != null && this.#homes.has(device),
          name: wall?.view().profile?.name ?? '',
          path: direct == null ? 'relayed' as const : direct.remoteAddr.toString().includes('/webrtc') ? 'webrtc' as const : 'direct' as const
        }
      })
    }
  }

  /** Devices of one's own with the role `home` */
  #homes = new Set<string>()

  async #refreshHomes (): Promise<void> {
    if (this.account.me() != null) {
      const { record } = await this.account.record()

      this.#homes = new Set(record.devices.filter(({ role }) => role === 'home').map(({ device }) => device))
    }
  }

  #holders (): Holder[] {
    const running = this.#running

    if (running == null) {
      return []
    }

    const own = new Set(this.#relays.map(({ peer }) => peer))

    return [
      ...running.network.services.supervisor.states()
        .filter(({ info, state }) => state === 'connected' && own.has(info.peer))
        .map(({ info }) => ({ peer: peerIdFromString(info.peer), by: toHex(peerKey(peerIdFromString(info.peer))) })),
      ...running.callers.proved()
        .filter(({ own, device }) => own && device != null && this.#homes.has(device))
        .map(({ peer, device }) => ({ peer, by: device as string }))
    ]
  }

  async roundTrip (peer: string): Promise<number> {
    const { network } = await this.#run()

    return network.services.ping.ping(peerIdFromString(peer), { signal: AbortSignal.timeout(ROUND_TRIP_TIMEOUT_MS) })
  }

  reconnect (): void {
    this.#running?.network.services.supervisor.reconnect()
    this.#running?.callers.callAll()
  }

  async addRelay (info: RelayInfo): Promise<void> {
    const { network } = await this.#run()

    this.#relays = await this.settings.relays.update(relays => [info, ...relays.filter(({ peer }) => peer !== info.peer)].slice(0, MAX_RELAYS))
    network.services.supervisor.add(info)
    await this.#publishReach()
    this.#sessionChanged()
  }

  /** The public wall names one's relays; said again only when that has changed */
  async #publishReach (): Promise<void> {
    this.#reachQueue = this.#reachQueue.then(async () => {
      const me = this.account.me()

      if (me == null) {
        return
      }

      const said = (await this.walls.open(me.space)).view().relays

      if (JSON.stringify(said) !== JSON.stringify(this.#relays)) {
        await this.posts.reach(this.#relays)
      }
    })

    return this.#reachQueue
  }

  async join (name: string): Promise<void> {
    const { keeper } = await this.#run()
    const { space } = await this.account.join()

    await this.#begin(space, keeper)
    await this.posts.profile({ name })
    await this.#publishReach()
    this.#sessionChanged()
  }

  async #begin (space: SpaceId, keeper: Keeper): Promise<void> {
    await this.#refreshHomes()
    await this.walls.open(space)
    keeper.keep(space, [])
    this.#running?.callers.callAll()
  }

  async restore (backup: Uint8Array, passphrase: string, options?: BackupOptions): Promise<void> {
    const { network, keeper } = await this.#run()

    if (this.account.me() != null) {
      throw new AlreadyJoinedError('Somebody has joined on this device already')
    }

    const content = await unpackBackup(this.log, backup, passphrase, options)

    for (const info of content.relays) {
      this.#relays = await this.settings.relays.update(relays => [...relays.filter(({ peer }) => peer !== info.peer), info].slice(0, MAX_RELAYS))
      network.services.supervisor.add(info)
    }

    await this.settings.ownPeers.update(() => content.peers)

    const { space } = await this.account.restore(content.entropy)

    for (const { space: followed, relays } of content.follows) {
      await this.follow(followed, relays)
    }

    await this.settings.backedUp.update(() => true)
    await this.#begin(space, keeper)
    this.#sessionChanged()
  }

  async backup (passphrase: string, options?: BackupOptions): Promise<Uint8Array> {
    const { account, log, walls, settings } = this
    const { network } = await this.#run()
    const peers = [network.peerId.toString(), ...await settings.ownPeers.get()].slice(0, MAX_PAIRED_PEERS)
    const bytes = await packBackup({ account, log, walls, settings, clock: this.#clock }, { relays: this.#relays, peers }, passphrase, options)

    await this.settings.backedUp.update(() => true)
    this.#sessionChanged()

    return bytes
  }

  async follow (space: SpaceId, relays: RelayInfo[]): Promise<void> {
    const { keeper } = await this.#run()
    const known = await this.settings.follows.get()

    if (known.some(follow => follow.space === space)) {
      return
    }

    await this.settings.follows.update(follows => [...follows, { space, relays }])
    await this.walls.open(space)
    keeper.keep(space, relays)
    this.#running?.callers.callAll()
    this.#sessionChanged()
  }

  async unfollow (space: SpaceId): Promise<void> {
    const { keeper } = await this.#run()
    const before = await this.settings.follows.get()

    if (before.some(follow => follow.space === space)) {
      await this.settings.follows.update(follows => follows.filter(follow => follow.space !== space))
      keeper.release(space)
      this.#sessionChanged()
    }
  }

  async watch (space: SpaceId, relays: RelayInfo[]): Promise<Watch> {
    const { keeper } = await this.#run()
    let released = false

    await this.walls.open(space)
    keeper.keep(space, relays)

    return {
      caughtUp: async options => keeper.caughtUp(space, options),
      release: () => {
        if (!released) {
          released = true
          keeper.release(space)

          if (!keeper.keeps(space)) {
            this.walls.release(space)
          }
        }
      }
    }
  }

  async #link (token: Uint8Array | undefined): Promise<string> {
    const { network } = await this.#run()
    const { identity, space } = this.account.requireMe()

    if (this.#relays.length === 0) {
      throw new NoRelayError('There is no relay yet through which others could reach you')
    }

    const name = (await this.walls.open(space)).view().profile?.name

    return encodeInvite(createInvite({
      identity,
      rec: (await this.account.record()).record.seq,
      relays: this.#relays,
      ...(name == null ? {} : { name }),
      ...(token == null ? {} : { token, devices: [network.peerId.toString(), ...await this.settings.ownPeers.get()] })
    }))
  }

  async createInvite ({ uses, lifetime }: { uses: number, lifetime: number }): Promise<string> {
    return this.#link(await this.#tokens.issue({ uses, expires: this.#clock.now() + lifetime }))
  }

  async createPublicLink (): Promise<string> {
    return this.#link(undefined)
  }

  async acceptInvite (invite: Invite): Promise<void> {
    const { token } = invite

    if (token != null && invite.identity !== this.account.me()?.identity) {
      await this.settings.contacts.update(contacts => {
        const known = contacts.find(({ identity }) => identity === invite.identity)

        return [...contacts.filter(contact => contact !== known), {
          identity: invite.identity,
          name: known?.name ?? invite.name ?? '',
          peers: [...new Set([...known?.peers ?? [], ...invite.devices])].slice(-32),
          relays: invite.relays,
          token
        }]
      })
      this.#running?.callers.callAll()
    }
  }

  async setDirect (on: boolean): Promise<void> {
    await this.settings.direct.update(() => on)
    this.#running?.callers.callAll()
    this.#sessionChanged()
  }

  async offerPairing (): Promise<PairingOffer> {
    return (await this.#ownDevices()).offer()
  }

  async pair (link: PairingLink, deviceName: string, options: AbortOptions = {}): Promise<void> {
    const { network, keeper } = await this.#run()
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(CALL_TIMEOUT_MS), ...options.signal == null ? [] : [options.signal]])
    const { space, relays } = await (await this.#ownDevices()).join(link, deviceName, signal)

    this.#relays = await this.settings.relays.update(() => relays)

    for (const info of relays) {
      network.services.supervisor.add(info)
    }

    await this.#begin(space, keeper)
    this.#sessionChanged()
    await keeper.caughtUp(space, { signal }).catch(() => {})
  }

  async offerClaim (): Promise<string> {
    const { network } = await this.#run()

    return encodeClaim({ peer: network.peerId.toString(), secret: network.services.claims.offer() })
  }

  async claimHome (text: string): Promise<void> {
    await (await this.#ownDevices()).claim(text, AbortSignal.any([this.#abort.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]))
  }

  async #ownDevices (): Promise<OwnDevices> {
    const { network, callers } = await this.#run()

    return ownDevices({
      network,
      callers,
      account: this.account,
      settings: this.settings,
      clock: this.#clock,
      relays: () => this.#relays,
      changed: async () => {
        await this.#refreshHomes()
        this.#running?.callers.callAll()
        this.#sessionChanged()
      }
    })
  }

  async fetch (space: SpaceId, ref: Pick<MediaRef, 'cid' | 'size'>, options: AbortOptions & { onProgress? (done: number, total: number): void } = {}): Promise<Uint8Array> {
    const { keeper } = await this.#run()

    return this.media.get(ref.cid, ref.size, { ...options, providers: keeper.providers(space) })
  }

  delivery ({ chain, seq, images }: Pick<PostView, 'chain' | 'seq' | 'images'>): Delivery {
    const media = (images ?? []).flatMap(({ small, large }) => [small.cid, large.cid])
    const holds = (by: string): boolean => this.deliveries.holds(by, chain, seq, media)

    return {
      relays: this.#relays.filter(({ peer }) => holds(toHex(peerKey(peerIdFromString(peer))))).length,
      home: [...this.#homes].some(holds)
    }
  }

  #sessionChanged (): void {
    void this.#refreshHomes().then(() => { this.dispatchEvent(new CustomEvent('session:changed')) })
  }
}

/** Makes a peer over what is stored; it touches no network before `start` */
export async function createPeer (init: PeerInit): Promise<Peer> {
  return new ComposedPeer(init, createLog({ store: part(init.store, 'l'), clock: init.clock ?? systemClock }))
}
