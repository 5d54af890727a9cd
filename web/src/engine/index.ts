/** The engine of the leader tab: a peer, and its pages. Pages and their tabs see only `contract.ts`. */
import { decodeInvite, decodeRelayInfo, decodeSignedRelayInfo, identityFromText, identityToText, prefixStore, publicWall, wallOwner } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import { openIdbStore } from '@pergola/protocols/storage/idb'
import { fromString } from 'uint8arrays/from-string'
import { preparePicture } from '../pictures/index.ts'
import { MAX_PICTURES } from './contract.ts'
import { openKeyStore } from './key-store.ts'
import { problem, toEngineError } from './problems.ts'
import { ViewMaker } from './views.ts'
import { watched } from './watchers.ts'
import type { ConnectionState, Delivery, Draft, Engine, PairingState, Person, Post, Progress, Session, TimelinePage, Unsubscribe, WallPage } from './contract.ts'
import type { Watched } from './watchers.ts'
import type { IdentityId, ImageRef, Invite, PostView, RelayInfo, SpaceId, Store } from '@pergola/protocols'
import type { Peer, Watch } from '@pergola/protocols/peer'

export type { Engine } from './contract.ts'

/** Names in the browser's profile say nothing about what they are for */
const DATABASE = 'notes'
const KEYS_DATABASE = 'notes-keys'
const CONFIG_URL = './config.json'
const RELAY_LINK = '#relay='
const CLAIM_LINK = '#home='
/** Between two measurements of how far the relays are, while somebody looks */
const MEASURE_MS = 10_000
const DEFAULT_INVITE_USES = 10
const DEFAULT_INVITE_DAYS = 30
const DAY_MS = 86_400_000

interface OpenWall {
  space: SpaceId
  page: Watched<WallPage>
  watch: Promise<Watch>
  loading: boolean
  unreachable: boolean
  users: number
}

/** Whatever tells a page that trying to connect is worth it now */
function wakeEvents (): EventTarget {
  const wake = new EventTarget()
  const dispatch = (): void => { wake.dispatchEvent(new Event('wake')) }

  addEventListener('online', dispatch)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      dispatch()
    }
  })

  return wake
}

/** The relay that a link names, or that served this page, if it says so */
async function relayOfPage (): Promise<RelayInfo | undefined> {
  try {
    if (location.hash.startsWith(RELAY_LINK)) {
      return decodeRelayInfo(fromString(location.hash.slice(RELAY_LINK.length), 'base64url'))
    }

    const response = await fetch(CONFIG_URL, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(5_000) })
    const config: unknown = response.ok ? await response.json() : undefined

    if (config == null || typeof config !== 'object' || !('signed' in config) || typeof config.signed !== 'string') {
      return undefined
    }

    return (await decodeSignedRelayInfo(fromString(config.signed, 'base64url'))).info
  } catch {
    return undefined
  }
}

/** A link that was read, or the id of a person that somebody typed */
function readLink (text: string): Invite {
  const typed = text.trim()

  return /^k[0-9a-z]{20,}$/i.test(typed) ? { v: 1, identity: identityFromText(typed), relays: [], devices: [], rec: 0 } : decodeInvite(text)
}

class BrowserEngine implements Engine {
  readonly #peer: Peer
  readonly #makeView = new ViewMaker()
  readonly #close: () => Promise<void>
  readonly #session = watched<Session>(() => this.#sessionNow)
  readonly #connection = watched<ConnectionState>(() => this.#connectionNow())
  readonly #timeline = watched<TimelinePage>(() => this.#timelinePage())
  readonly #walls = new Map<SpaceId, OpenWall>()
  readonly #invited = new Map<SpaceId, Invite>()
  readonly #abort = new AbortController()
  #sessionNow: Session = { phase: 'starting', unsafe: false, persisted: false, following: [], direct: true }

  constructor (peer: Peer, close: () => Promise<void>) {
    this.#peer = peer
    this.#close = close

    const signal = this.#abort.signal

    peer.walls.addEventListener('wall:changed', ({ detail }) => {
      this.#walls.get(detail.space)?.page.changed()
      this.#timeline.changed()
      void this.#refreshSession()
    }, { signal })
    peer.addEventListener('session:changed', () => {
      void this.#refreshSession()
      this.#timeline.changed()
    }, { signal })
    peer.addEventListener('connection:changed', () => { this.#connection.changed() }, { signal })
    peer.deliveries.addEventListener('delivery:changed', () => {
      const me = peer.account.me()

      if (me != null) {
        this.#walls.get(me.space)?.page.changed()
      }

      this.#timeline.changed()
      void this.#refreshSession()
    }, { signal })
  }

  async start (): Promise<void> {
    addEventListener('offline', () => { this.#connection.changed() }, { signal: this.#abort.signal })
    await this.#peer.start()
    await this.#refreshSession()

    const measuring = setInterval(() => { void this.#measure() }, MEASURE_MS)

    this.#abort.signal.addEventListener('abort', () => { clearInterval(measuring) })

    if (location.hash.startsWith(CLAIM_LINK)) {
      this.#claim = location.hash.slice(CLAIM_LINK.length)
    }

    void (async () => {
      const relay = await relayOfPage()

      if (relay != null) {
        await this.#peer.addRelay(relay)
      }

      await this.#claimHome()
    })()
  }

  /** The home node on this machine that belongs to nobody yet becomes one's own, as soon as there is somebody whose it can be */
  async #claimHome (): Promise<void> {
    const claim = this.#claim

    if (claim == null || this.#peer.account.me() == null || this.#hasHome) {
      return
    }

    this.#claim = undefined
    // it can be paired by hand all the same
    await this.#peer.claimHome(claim).catch(() => {})
  }

  watchSession (listener: (session: Session) => void): Unsubscribe {
    return this.#session.watch(listener)
  }

  watchConnection (listener: (connection: ConnectionState) => void): Unsubscribe {
    return this.#connection.watch(listener)
  }

  watchTimeline (listener: (page: TimelinePage) => void): Unsubscribe {
    return this.#timeline.watch(listener)
  }

  watchWall (id: string, listener: (page: WallPage) => void): Unsubscribe {
    const space = publicWall(identityFromText(id))
    const open = this.#walls.get(space) ?? this.#openWall(space)

    open.users++

    const unsubscribe = open.page.watch(listener)

    return () => {
      unsubscribe()

      if (--open.users === 0) {
        this.#walls.delete(space)
        void open.watch.then(watch => { watch.release() })
      }
    }
  }

  async openLink (text: string): Promise<Person> {
    return this.#guard(async () => {
      const invite = readLink(text)
      const space = publicWall(invite.identity)

      if (invite.relays.length > 0) {
        this.#invited.set(space, invite)
        await this.#peer.acceptInvite(invite)
        await this.#refreshSession()
      }

      const wall = await this.#peer.walls.open(space)
      const person = this.#makeView.person(invite.identity, wall.view().profile)

      return person.name === '' && invite.name != null ? { ...person, name: invite.name } : person
    })
  }

  async join ({ name }: { name: string }): Promise<void> {
    await this.#guard(async () => {
      if (name.trim() === '') {
        throw problem('name-empty', 'The name is empty')
      }

      await this.#peer.join(name.trim())
      void navigator.storage?.persist?.().then(async () => this.#refreshSession())

      for (const [space, invite] of this.#invited) {
        await this.#peer.follow(space, invite.relays)
      }

      this.#invited.clear()
      await this.#refreshSession()
      void this.#claimHome()
    })
  }

  async restore (backup: Blob, passphrase: string): Promise<void> {
    await this.#guard(async () => {
      await this.#peer.restore(new Uint8Array(await backup.arrayBuffer()), passphrase)
      await this.#refreshSession()
    })
  }

  async backup (passphrase: string): Promise<Blob> {
    return this.#guard(async () => {
      const bytes = await this.#peer.backup(passphrase)

      await this.#refreshSession()

      return new Blob([new Uint8Array(bytes)], { type: 'application/octet-stream' })
    })
  }

  async post (draft: Draft, onProgress?: (progress: Progress) => void): Promise<string> {
    return this.#guard(async () => {
      if (draft.pictures.length > MAX_PICTURES) {
        throw problem('too-many-pictures', `${draft.pictures.length} pictures`)
      }

      const images: ImageRef[] = []

      for (const { file, alt } of draft.pictures) {
        onProgress?.({ done: images.length, total: draft.pictures.length })
        images.push(await this.#addPicture(file, alt))
      }

      const entry = await this.#peer.posts.post({
        text: draft.text,
        ...(draft.warning == null || draft.warning === '' ? {} : { warning: draft.warning }),
        ...(draft.lang == null ? {} : { lang: draft.lang }),
        ...(images.length === 0 ? {} : { images })
      })

      return entry.id
    })
  }

  async edit (id: string, content: { text: string, warning?: string }): Promise<void> {
    await this.#guard(async () => { await this.#peer.posts.edit(this.#ownEntry(id), content) })
  }

  async remove (id: string): Promise<void> {
    await this.#guard(async () => { await this.#peer.posts.remove(this.#ownEntry(id)) })
  }

  async profile (profile: { name: string, bio?: string }): Promise<void> {
    await this.#guard(async () => {
      if (profile.name.trim() === '') {
        throw problem('name-empty', 'The name is empty')
      }

      await this.#peer.posts.profile(profile)
    })
  }

  async follow (id: string): Promise<void> {
    await this.#guard(async () => {
      const space = publicWall(identityFromText(id))

      await this.#peer.follow(space, this.#invited.get(space)?.relays ?? [])
      await this.#refreshSession()
    })
  }

  async unfollow (id: string): Promise<void> {
    await this.#guard(async () => {
      await this.#peer.unfollow(publicWall(identityFromText(id)))
      await this.#refreshSession()
    })
  }

  async invite (options: { uses?: number, days?: number } = {}): Promise<string> {
    return this.#guard(async () => this.#linkHere(await this.#peer.createInvite({
      uses: options.uses ?? DEFAULT_INVITE_USES, lifetime: (options.days ?? DEFAULT_INVITE_DAYS) * DAY_MS
    })))
  }

  async publicLink (): Promise<string> {
    return this.#guard(async () => this.#linkHere(await this.#peer.createPublicLink()))
  }

  pair (listener: (state: PairingState) => void): Unsubscribe {
    let cancelled = false
    let cancel = (): void => { cancelled = true }

    void (async () => {
      try {
        const offer = await this.#peer.offerPairing()
        const state: PairingState = { link: offer.link, expires: offer.expires, state: 'waiting' }

        if (cancelled) {
          offer.cancel()
          return
        }

        cancel = () => {
          cancelled = true
          offer.cancel()
        }
        listener(state)
        await offer.done.then(() => { listener({ ...state, state: 'done' }) }, (err: Error) => {
          if (!cancelled) {
            listener({ ...state, state: offer.expires <= Date.now() ? 'expired' : 'failed', reason: err.message })
          }
        })
      } catch (err) {
        listener({ link: '', expires: 0, state: 'failed', reason: toEngineError(err).message })
      }
    })()

    return () => { cancel() }
  }

  async setDirect (on: boolean): Promise<void> {
    await this.#guard(async () => {
      await this.#peer.setDirect(on)
      await this.#refreshSession()
    })
  }

  async reconnect (): Promise<void> {
    this.#peer.reconnect()
  }

  async media (key: { cid: string, type: string, owner: string }, options: { signal?: AbortSignal, onProgress?(progress: Progress): void } = {}): Promise<Blob> {
    return this.#guard(async () => {
      const file = this.#makeView.file(key)

      if (file == null) {
        throw problem('internal', 'A picture was asked for that no page has shown')
      }

      const started = performance.now()
      const bytes = await this.#peer.fetch(publicWall(identityFromText(key.owner)), file, {
        ...(options.signal == null ? {} : { signal: options.signal }),
        onProgress: (done, total) => {
          options.onProgress?.({ done, total, speed: done / Math.max((performance.now() - started) / 1000, 0.001) })
        }
      })

      return new Blob([new Uint8Array(bytes)], { type: key.type })
    })
  }

  async stop (): Promise<void> {
    this.#abort.abort()
    await this.#close()
  }

  async #guard<T> (work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (err) {
      throw toEngineError(err)
    }
  }

  /** Page addresses hold no more than the document's: what is secret stands behind the `#` */
  #linkHere (fragment: string): string {
    return `${location.origin}${location.pathname}#i=${fragment}`
  }

  async #addPicture (file: Blob, alt: string): Promise<ImageRef> {
    const { small, large, blur } = await preparePicture(file)
    const { media } = this.#peer
    const addedSmall = await media.add(small.bytes)
    const addedLarge = large === small ? addedSmall : await media.add(large.bytes)

    return {
      small: { ...addedSmall, type: small.type, width: small.width, height: small.height },
      large: { ...addedLarge, type: large.type, width: large.width, height: large.height },
      blur,
      alt
    }
  }

  #ownEntry (id: string): PostView['id'] {
    const me = this.#peer.account.requireMe()
    const post = this.#peer.walls.peek(me.space)?.view().posts.find(candidate => candidate.id === id)

    if (post == null) {
      throw problem('internal', 'This post is not on your wall any more')
    }

    return post.id
  }

  #openWall (space: SpaceId): OpenWall {
    const open: OpenWall = {
      space,
      page: watched(() => this.#wallPage(open)),
      watch: this.#peer.watch(space, this.#invited.get(space)?.relays ?? []),
      loading: true,
      unreachable: false,
      users: 0
    }

    this.#walls.set(space, open)

    void (async () => {
      await this.#peer.walls.open(space)
      open.page.changed()

      try {
        const watch = await open.watch

        await watch.caughtUp({ signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(30_000)]) })
      } catch {
        open.unreachable = true
      }

      open.loading = false
      open.page.changed()
    })()

    return open
  }

  #wallPage (open: OpenWall): WallPage | undefined {
    const view = this.#peer.walls.peek(open.space)?.view()

    if (view == null) {
      return undefined
    }

    const owner = wallOwner(open.space)
    const me = this.#peer.account.me()
    const person = this.#makeView.person(owner, view.profile)

    return {
      person: person.name === '' ? { ...person, name: this.#invited.get(open.space)?.name ?? '' } : person,
      posts: view.posts.map(post => this.#post(post)),
      loading: open.loading && me?.space !== open.space,
      unreachable: open.unreachable && me?.space !== open.space,
      relation: me?.space === open.space ? 'me' : this.#follows.includes(owner) ? 'following' : 'none'
    }
  }

  #follows: IdentityId[] = []

  #timelinePage (): TimelinePage | undefined {
    const me = this.#peer.account.me()

    if (me == null) {
      return undefined
    }

    const walls = [me.space, ...this.#follows.map(publicWall)].flatMap(space => {
      const wall = this.#peer.walls.peek(space)

      return wall == null ? [] : [wall.view().posts]
    })

    return { posts: walls.flat().sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)).map(post => this.#post(post)), loading: walls.length <= this.#follows.length }
  }

  #post (view: PostView): Post {
    const mine = view.author === this.#peer.account.me()?.identity
    const author = this.#makeView.person(view.author, this.#peer.walls.peek(publicWall(view.author))?.view().profile)

    return this.#makeView.post(view, author, mine, mine ? this.#delivery(view) : undefined)
  }

  #delivery (view: PostView): Delivery {
    const { relays, home } = this.#peer.delivery(view)

    return { relays, home, state: home ? 'home' : relays > 0 ? 'relay' : 'device' }
  }

  #connectionNow (): ConnectionState {
    const { light, relays, people } = this.#peer.connection()
    const home = people.find(person => person.own && person.home)

    return {
      // the browser knows at once what the relays show only after several tries
      light: !navigator.onLine && light === 'yellow' ? 'red' : light,
      relays: relays.map(({ info, state, nextTry }) => ({
        id: info.peer,
        name: info.name ?? hostOf(info.addrs[0] ?? '') ?? info.peer.slice(-6),
        state,
        ...(state === 'connected' ? { path: 'direct' as const } : {}),
        ...(state === 'connected' && this.#roundTrips.has(info.peer) ? { rtt: this.#roundTrips.get(info.peer) } : {}),
        ...(nextTry == null ? {} : { until: nextTry }),
        technical: { peer: info.peer, address: info.addrs[0] ?? '' }
      })),
      ...(home == null ? (this.#hasHome ? { home: { state: 'offline' as const, name: '' } } : {}) : { home: { state: 'connected' as const, name: home.name } }),
      people: people.filter(person => !person.own).map(({ identity, name, path }) => ({ id: identityToText(identity), name, path }))
    }
  }

  #hasHome = false
  #claim: string | undefined
  readonly #roundTrips = new Map<string, number>()

  async #measure (): Promise<void> {
    for (const { info, state } of this.#connection.watched ? this.#peer.connection().relays : []) {
      if (state === 'connected') {
        this.#roundTrips.set(info.peer, await this.#peer.roundTrip(info.peer).catch(() => this.#roundTrips.get(info.peer) ?? 0))
        this.#connection.changed()
      }
    }
  }

  async #refreshSession (): Promise<void> {
    const { account, settings, walls } = this.#peer
    const me = account.me()
    const follows = await settings.follows.get()

    this.#follows = follows.map(({ space }) => wallOwner(space))

    for (const { space } of follows) {
      await walls.open(space)
    }

    const invitation = [...this.#invited.values()].at(-1)
    const own = me == null ? undefined : await walls.open(me.space)
    const record = me == null ? undefined : await account.record()

    this.#hasHome = record?.record.devices.some(({ role }) => role === 'home') ?? false
    this.#sessionNow = {
      phase: me == null ? 'new' : 'ready',
      ...(me == null ? {} : { me: this.#makeView.person(me.identity, own?.view().profile) }),
      unsafe: me != null && !this.#hasHome && !await settings.backedUp.get(),
      persisted: await navigator.storage?.persisted?.() ?? false,
      following: this.#follows.map(identity => this.#makeView.person(identity, walls.peek(publicWall(identity))?.view().profile)),
      direct: await settings.direct.get(),
      ...(invitation == null
        ? {}
        : { invitedBy: { id: identityToText(invitation.identity), name: walls.peek(publicWall(invitation.identity))?.view().profile?.name ?? invitation.name ?? '' } })
    }
    this.#session.changed()

    for (const { page } of this.#walls.values()) {
      page.changed()
    }
  }
}

function part (store: Store, name: string): Store {
  return prefixStore(store, new TextEncoder().encode(`${name}/`))
}

function hostOf (address: string): string | undefined {
  const [, , host] = address.split('/')

  return host
}

/** Opens what this browser has stored and starts. Rejects with an `EngineError` where the browser refuses storage */
export async function createEngine (): Promise<Engine> {
  try {
    const store = await openIdbStore(DATABASE)
    const keys = await openKeyStore({ database: KEYS_DATABASE, store: part(store, 'k') })
    const peer = await createPeer({
      role: 'client',
      store: part(store, 'p'),
      blocks: part(store, 'b'),
      keys,
      wake: wakeEvents()
    })
    const engine = new BrowserEngine(peer, async () => {
      await peer.stop()
      await store.close()
      keys.close()
    })

    await engine.start()

    return engine
  } catch (err) {
    throw toEngineError(err)
  }
}
