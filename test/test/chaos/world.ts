/** Real programs and peers for tests in which things break: a relay and a home node in processes of their own, people in this one. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { controlClient, locateDataFolder, openHomeVault } from '@pergola/node'
import { decodeRelayInfo, memoryStore, prefixStore, signerFromSeed, systemClock } from '@pergola/protocols'
import { createLog } from '@pergola/protocols/log'
import { createPeer } from '@pergola/protocols/peer'
import { startProgram } from '../../src/processes.ts'
import type { Program } from '../../src/processes.ts'
import type { ControlCalls } from '@pergola/node'
import type { RelayInfo, SpaceId, Store } from '@pergola/protocols'
import type { KeyStore, Peer } from '@pergola/protocols/peer'

export { freePort } from '../../src/free-port.ts'

/** Whether the long runs were asked for */
export const deep = process.env.PERGOLA_DEEP === '1'

/** Says something that is worth reading in the output of a run: a seed, a measurement */
export function report (text: string): void {
  process.stdout.write(`      ${text}\n`)
}

/** Undone in reverse order by `World.end` */
type Undo = () => Promise<unknown>

export interface RelayProcess {
  info: RelayInfo
  program: Program
}

export interface HomeProcess {
  program: Program
  /** Milliseconds from the start of the process until it answers */
  opened: number
  calls: ControlCalls
  data: string
}

/** Secrets in a store, as plain bytes: enough for a peer of a test */
export function keysIn (store: Store): KeyStore {
  const encoder = new TextEncoder()
  const key = (name: string): Uint8Array => encoder.encode(`key/${name}`)

  return {
    get: async name => store.get(key(name)),
    put: async (name, secret) => store.put(key(name), secret),
    async deviceSigner () {
      const known = await store.get(key('device'))
      const seed = known ?? crypto.getRandomValues(new Uint8Array(32))

      if (known == null) {
        await store.put(key('device'), seed)
      }

      return signerFromSeed(seed)
    }
  }
}

/** Numbers that are the same for the same seed (mulberry32) */
export function seeded (seed: number): () => number {
  let state = seed >>> 0

  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)

    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Resolves when a condition holds that can only become true at one of the events of a target */
export async function until (what: string, target: EventTarget, events: string[], holds: () => boolean | Promise<boolean>, timeout = 60_000): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = (): void => {
    void (async () => {
      try {
        if (await holds()) {
          resolve()
        }
      } catch (err) {
        reject(err)
      }
    })()
  }
  const limit = setTimeout(() => { reject(new Error(`Not within ${timeout / 1000} s: ${what}`)) }, timeout)

  events.forEach(event => { target.addEventListener(event, look) })
  look()

  try {
    await promise
  } finally {
    clearTimeout(limit)
    events.forEach(event => { target.removeEventListener(event, look) })
  }
}

/** Lets real time pass: what is tested here is what programs do by themselves in it */
export async function pass (milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()

  setTimeout(resolve, milliseconds)

  return promise
}

export async function untilConnected (peer: Peer, timeout?: number): Promise<void> {
  await until('connected to the relay', peer, ['connection:changed'], () => peer.connection().light === 'green', timeout)
}

/** Reads what a stopped home node has on disk, from a copy: opening a store of LevelDB changes it */
export async function readHomeStore <T> (data: string, read: (log: ReturnType<typeof createLog>) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pergola-copy-'))

  try {
    await cp(join(data, 'records'), join(folder, 'records'), { recursive: true })
    await cp(join(data, 'keys'), join(folder, 'keys'))
    const home = await openHomeVault(locateDataFolder(folder))

    try {
      return await read(createLog({ store: prefixStore(await home.store(), new TextEncoder().encode('peer/l/')), clock: systemClock }))
    } finally {
      await home.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The ids of all entries of a wall, by chain and sequence number */
export async function idsOf (log: Pick<Peer['log'], 'chains' | 'read'>, space: SpaceId): Promise<Map<string, string>> {
  const ids = new Map<string, string>()

  for (const chain of await log.chains(space)) {
    for await (const { header, id } of log.read(chain)) {
      ids.set(`${header.device}/${header.seq}`, id)
    }
  }

  return ids
}

/** The texts of the posts of a wall as a peer shows it, newest first */
export async function textsOf (peer: Peer, space: SpaceId): Promise<string[]> {
  return (await peer.walls.open(space)).view().posts.map(({ text }) => text)
}

/** Resolves when a peer shows these posts, newest first, and nothing else */
export async function untilShown (peer: Peer, space: SpaceId, texts: string[], timeout?: number): Promise<void> {
  const wanted = JSON.stringify(texts)

  await until(`the wall shows ${wanted}`, peer.walls, ['wall:changed'], async () => JSON.stringify(await textsOf(peer, space)) === wanted, timeout)
}

/** Resolves when an own post is said to be at so many relays and at home */
export async function untilDelivered (author: Peer, post: { id: string }, relays: number, home: boolean, timeout?: number): Promise<void> {
  const { space } = author.account.requireMe()

  await until(`the post is at ${relays} relays${home ? ' and at home' : ''}`, author.deliveries, ['delivery:changed'], async () => {
    const view = (await author.walls.open(space)).view().posts.find(({ id }) => id === post.id)
    const delivery = view == null ? undefined : author.delivery(view)

    return delivery?.relays === relays && delivery.home === home
  }, timeout)
}

export class World {
  readonly #undo: Undo[] = []
  folder = ''

  async begin (): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'pergola-chaos-'))
    this.undo(async () => rm(this.folder, { recursive: true, force: true }))
  }

  undo (undo: Undo): void {
    this.#undo.push(undo)
  }

  async end (): Promise<void> {
    let undo = this.#undo.pop()

    while (undo != null) {
      await undo()
      undo = this.#undo.pop()
    }
  }

  at (name: string): string {
    return join(this.folder, name)
  }

  /** Starts a relay; the same data and port make the same relay again */
  async relay (init: { data?: string, port: number, args?: string[], wrapper?: string[] }): Promise<RelayProcess> {
    const program = startProgram({
      name: 'relay',
      script: 'relay/dist/src/main.js',
      args: ['--data', this.at(init.data ?? 'relay'), '--port', String(init.port), '--webrtc-port', '0', '--stun-port', '0', '--json', ...init.args ?? []],
      ...(init.wrapper == null ? {} : { wrapper: init.wrapper })
    })
    this.undo(async () => program.kill())

    const { invite } = await program.event<{ event: string, invite: string }>(({ event }) => event === 'ready')

    return { program, info: decodeRelayInfo(Buffer.from(invite.split('#relay=')[1], 'base64url')) }
  }

  /** Starts a home node without waiting for it */
  homeProgram (init: { data?: string, wrapper?: string[] } = {}): Program {
    const program = startProgram({
      name: 'home',
      script: 'node/dist/src/main.js',
      args: ['start', '--data', this.at(init.data ?? 'home'), '--json'],
      ...(init.wrapper == null ? {} : { wrapper: init.wrapper })
    })
    this.undo(async () => program.kill())

    return program
  }

  async home (init: { data?: string, wrapper?: string[] } = {}): Promise<HomeProcess> {
    const data = this.at(init.data ?? 'home')
    const start = performance.now()
    const program = this.homeProgram(init)

    await program.event(({ event }: { event?: string }) => event === 'ready', { timeout: 60_000 })

    return { program, data, opened: performance.now() - start, calls: controlClient(join(data, 'control')) }
  }

  /** A person in this process; over the same store they are the same device again */
  async person (store: Store = memoryStore(), role: 'client' | 'home' = 'client'): Promise<Peer> {
    const encoder = new TextEncoder()
    const peer = await createPeer({
      role,
      store: prefixStore(store, encoder.encode('p/')),
      blocks: prefixStore(store, encoder.encode('b/')),
      keys: keysIn(store)
    })
    this.undo(async () => peer.stop())

    await peer.start()

    return peer
  }

  /** Someone with a wall at a relay, and a home node that is theirs */
  async authorWithHome (relay: RelayInfo, home: HomeProcess): Promise<Peer> {
    const author = await this.person()

    await author.addRelay(relay)
    await author.join('Ada')
    await untilConnected(author)

    const { link } = await author.offerPairing()

    await home.calls.pair({ link })

    return author
  }
}
