import { EngineError } from '../../src/engine/contract.ts'
import { painted } from './paint.ts'
import type { ConnectionState, Delivery, DeviceStatus, Draft, Engine, EngineProblem, LightColour, LinkingState, PairingState, Person, Picture, Post, Progress, Session, TimelinePage, WallPage } from '../../src/engine/contract.ts'

export const WORDS = ['legal', 'winner', 'thank', 'year', 'wave', 'sausage', 'worth', 'useful', 'legal', 'winner', 'thank', 'yellow']

/** Where the engine of the tests begins */
export interface Scene {
  session: Session
  connection: ConnectionState
  posts: Post[]
  people: Person[]
  loading?: boolean
  unreachable?: boolean
}

/** An engine that remembers in memory and does as it is told */
export interface TestEngine extends Engine {
  /** What was called, in order */
  readonly calls: Array<{ name: string, args: unknown[] }>
  light (light: LightColour): void
  arrive (post: Partial<Post> & { text: string, author: Person }): void
  deliver (id: string, delivery: Delivery): void
  pairing (state: Partial<PairingState>): void
  linking (state: LinkingState): void
  session (change: Partial<Session>): void
  /** The next call of this name fails so */
  fail (name: string, problem: EngineProblem): void
  /** How many listeners there are */
  watching (): number
  /** Posts, pictures and backups wait for `release`; `progress` is told meanwhile */
  hold (): void
  release (): void
  progress (progress: Progress): void
}

export function createTestEngine (scene: Scene): TestEngine {
  let session = scene.session
  let connection = scene.connection
  let posts = scene.posts
  let pairing: PairingState = { link: 'https://relay.example/#p=7Qm4Zr8sKxW2nT6vB1yJ', expires: Date.now() + 600_000, state: 'waiting' }
  let linking: LinkingState = { state: 'connecting' }
  let devices: DeviceStatus[] = [
    { id: 'd1', name: 'Laptop', home: false, current: true, online: true },
    { id: 'd2', name: 'attic', home: true, current: false, online: true },
    { id: 'd3', name: '', home: false, current: false, online: false, lastSeen: Date.now() - 9_000_000 }
  ]
  let gate: PromiseWithResolvers<void> | undefined
  let tellProgress: ((progress: Progress) => void) | undefined
  let next = 0
  const failures = new Map<string, EngineProblem>()
  const calls: TestEngine['calls'] = []
  const watchers = new Set<() => void>()

  const watch = <Value>(read: () => Value, listener: (value: Value) => void): () => void => {
    const tell = (): void => { listener(structuredClone(read())) }

    watchers.add(tell)
    queueMicrotask(tell)

    return () => watchers.delete(tell)
  }
  const changed = (): void => { watchers.forEach(tell => { tell() }) }
  const called = async (name: string, ...args: unknown[]): Promise<void> => {
    calls.push({ name, args })
    await Promise.resolve()

    const failure = failures.get(name)

    failures.delete(name)

    if (failure != null) {
      throw new EngineError(failure)
    }
  }
  const person = (id: string): Person => [session.me, ...scene.people].find(person => person?.id === id) ?? { id, name: '' }
  const follows = (id: string): boolean => session.following.some(person => person.id === id)
  const relation = (id: string): WallPage['relation'] => {
    if (session.me?.id === id) {
      return 'me'
    }

    return follows(id) ? 'following' : 'none'
  }
  const timeline = (): TimelinePage => ({
    posts: posts.filter(post => post.mine || follows(post.author.id)).sort((a, b) => b.time - a.time),
    loading: scene.loading === true
  })
  const wall = (id: string): WallPage => ({
    person: person(id),
    posts: posts.filter(post => post.author.id === id).sort((a, b) => b.time - a.time),
    loading: scene.loading === true,
    unreachable: scene.unreachable === true,
    relation: relation(id)
  })

  return {
    calls,
    watchSession: listener => watch(() => session, listener),
    watchConnection: listener => watch(() => connection, listener),
    watchTimeline: listener => watch(timeline, listener),
    watchWall: (id, listener) => watch(() => wall(id), listener),
    async openLink (text) {
      await called('openLink', text)

      const found = scene.people.find(person => text.includes(person.id))

      if (found == null) {
        throw new EngineError({ code: text.startsWith('#i=') ? 'not-an-invite' : 'unknown-id', detail: text })
      }

      return structuredClone(found)
    },
    async join ({ name }) {
      await called('join', { name })
      session = { ...session, phase: 'ready', me: { id: 'me', name }, unsafe: true }
      changed()
    },
    async restore (backup, passphrase, onProgress) {
      await called('restore', backup, passphrase)
      tellProgress = onProgress
      await gate?.promise
      session = { ...session, phase: 'ready', me: { id: 'me', name: 'Mara Lind' }, unsafe: false }
      changed()
    },
    async backup (passphrase, onProgress) {
      await called('backup', passphrase)
      tellProgress = onProgress
      await gate?.promise

      return new Blob(['backup'])
    },
    link (init, listener) {
      calls.push({ name: 'link', args: [init] })

      return watch(() => linking, listener)
    },
    watchDevices: listener => watch(() => devices, listener),
    async renameDevice (id, name) {
      await called('renameDevice', id, name)
      devices = devices.map(device => device.id === id ? { ...device, name } : device)
      changed()
    },
    async closeDevice (id, words) {
      await called('closeDevice', id, words)
      devices = devices.filter(device => device.id !== id)
      changed()
    },
    async saveArchive (init, options) {
      await called('saveArchive', init)
      tellProgress = options?.onProgress

      if (gate != null) {
        await Promise.race([gate.promise, aborted(options?.signal)])
      }

      options?.signal?.throwIfAborted()

      return { file: new Blob(['archive']), posts: 12, files: 24, missing: 1 }
    },
    async takeArchive (file, init, options) {
      await called('takeArchive', file, init)
      tellProgress = options?.onProgress
      await gate?.promise

      const mine = session.phase === 'ready' || init.passphrase != null

      if (mine) {
        session = { ...session, phase: 'ready', me: { id: 'me', name: 'Mara Lind' } }
        changed()
        // as the real one, which is somebody before all is done
        await new Promise(resolve => { setTimeout(resolve) })
      }

      return { person: scene.people[1], posts: 12, added: 3, refused: 1, mine }
    },
    async recoveryWords () {
      await called('recoveryWords')

      return { words: [...WORDS], asked: [2, 7, 11] }
    },
    async keepWords (answers) {
      await called('keepWords', answers)

      const wrong = answers.filter(({ place, word }) => word.trim() !== WORDS[place - 1]).map(({ place }) => place)

      if (wrong.length === 0) {
        session = { ...session, wordsKept: true }
        changed()
      }

      return wrong
    },
    async post (draft, onProgress) {
      await called('post', draft)
      tellProgress = onProgress
      await gate?.promise

      const id = `new-${next++}`

      posts = [...posts, {
        id,
        author: session.me ?? { id: 'me', name: '' },
        time: Date.now(),
        text: draft.text,
        lang: draft.lang,
        warning: draft.warning,
        pictures: await Promise.all(draft.pictures.map(toPicture)),
        mine: true,
        delivery: { state: 'device', relays: 0, home: false }
      }]
      changed()

      return id
    },
    async edit (id, content) {
      await called('edit', id, content)
      posts = posts.map(post => post.id === id ? { ...post, ...content, editedAt: Date.now() } : post)
      changed()
    },
    async remove (id) {
      await called('remove', id)
      posts = posts.filter(post => post.id !== id)
      changed()
    },
    async profile (profile) {
      await called('profile', profile)

      const { avatar, ...words } = profile
      const present = avatar === undefined ? session.me?.avatar : undefined
      const picture = avatar == null ? present : await toPicture({ file: avatar, alt: '' }, 0)

      session = { ...session, me: { id: 'me', ...words, ...picture == null ? {} : { avatar: picture } } }
      posts = posts.map(post => post.mine ? { ...post, author: session.me ?? post.author } : post)
      changed()
    },
    async follow (id) {
      await called('follow', id)

      if (!follows(id)) {
        session = { ...session, following: [...session.following, person(id)] }
      }

      changed()
    },
    async unfollow (id) {
      await called('unfollow', id)
      session = { ...session, following: session.following.filter(person => person.id !== id) }
      changed()
    },
    async invite (options) {
      await called('invite', options)

      return 'https://relay.example/#i=uKx3v9QmZ2rT8sWn4Jb7yLdPq1Hc6VgA5eXfRzUoMiS0tEwYkNa'
    },
    async publicLink () {
      await called('publicLink')

      return 'https://relay.example/#i=uAx3v9QmZ2rT8sWn4Jb7yLdP'
    },
    pair: listener => watch(() => pairing, listener),
    async confirmPairing (same) {
      await called('confirmPairing', same)
      pairing = same ? { ...pairing, state: 'done' } : { ...pairing, state: 'failed', reason: 'The codes were not the same: make a new link' }
      changed()
    },
    async setDirect (direct) {
      await called('setDirect', direct)
      session = { ...session, direct }
      changed()
    },
    async reconnect () {
      await called('reconnect')
    },
    async media (key, options) {
      await called('media', key)

      const blob = painted.get(key.cid)

      if (gate != null) {
        await Promise.race([gate.promise, aborted(options?.signal)])
      }

      options?.signal?.throwIfAborted()

      if (blob == null) {
        throw new EngineError({ code: 'internal', detail: 'not here' })
      }

      return blob
    },
    async stop () {},

    light (light) {
      connection = { ...connection, light }
      changed()
    },
    arrive (post) {
      posts = [...posts, { id: `new-${next++}`, time: Date.now(), pictures: [], mine: false, ...post }]
      changed()
    },
    deliver (id, delivery) {
      posts = posts.map(post => post.id === id ? { ...post, delivery } : post)
      changed()
    },
    pairing (state) {
      pairing = { ...pairing, ...state }
      changed()
    },
    linking (state) {
      linking = state
      changed()
    },
    session (change) {
      session = { ...session, ...change }
      changed()
    },
    fail: (name, problem) => { failures.set(name, problem) },
    watching: () => watchers.size,
    hold () { gate = Promise.withResolvers() },
    release () {
      gate?.resolve()
      gate = undefined
    },
    progress: progress => { tellProgress?.(progress) }
  }
}

async function aborted (signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>(resolve => {
    signal?.addEventListener('abort', () => { resolve() }, { once: true })
  })
}

async function toPicture ({ file, alt }: Draft['pictures'][number], at: number): Promise<Picture> {
  const bitmap = await createImageBitmap(file)
  const cid = `posted-${Date.now()}-${at}`
  const { width, height } = bitmap

  painted.set(cid, file)

  return {
    small: { media: { cid, type: file.type, owner: 'me' }, width, height },
    large: { media: { cid, type: file.type, owner: 'me' }, width, height, size: file.size },
    blur: '',
    alt
  }
}
