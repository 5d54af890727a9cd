import { paint } from './paint.ts'
import { texts } from './texts.ts'
import type { Scene } from './test-engine.ts'
import type { ConnectionState, Person, Picture, Post, Session } from '../../src/engine/contract.ts'
import type { Language } from '../../src/words/index.tsx'

const MINUTE = 60_000

const CONNECTED: ConnectionState = {
  light: 'green',
  relays: [
    { id: 'r1', name: 'relay.example', state: 'connected', path: 'direct', rtt: 23, technical: { peer: '12D3KooWQ7mYz3kCqTnV1oYt6pH5sVbDkP1dUu3qkS8xJr9fNw2E', address: '/dns4/relay.example/tcp/443/tls/ws' } },
    { id: 'r2', name: 'garden.example', state: 'offline', until: Date.now() + MINUTE, technical: { peer: '12D3KooWAfkV9sPq2LxYt4mDnB7cRz5hGw8uJe1oTi6yKb3vXaQr', address: '/dns4/garden.example/tcp/443/tls/ws' } }
  ],
  home: { state: 'connected', name: 'attic' },
  people: []
}

const OFFLINE: ConnectionState = {
  light: 'red',
  relays: CONNECTED.relays.map(({ path, rtt, ...relay }) => ({ ...relay, state: 'offline' })),
  home: { state: 'offline', name: 'attic' },
  people: []
}

/** The states that pages are looked at in */
export async function scenes (scene: string, language: Language, now: number): Promise<Scene> {
  const words = texts[language]
  const me: Person = { id: 'me', name: words.me, bio: words.myBio }
  const [anna, tom, yusuf]: Person[] = words.friends.map((friend, at) => ({ id: `friend${at}`, ...friend }))
  const people = [me, anna, tom, yusuf]
  const fresh: Session = { phase: 'new', unsafe: false, persisted: false, following: [], direct: true }
  const ready: Session = { phase: 'ready', me, unsafe: false, persisted: true, following: [anna, tom, yusuf], direct: true }
  const connection: ConnectionState = { ...CONNECTED, people: [{ id: anna.id, name: anna.name, path: 'webrtc' }] }
  const post = (author: Person, minutes: number, text: string, rest: Partial<Post> = {}): Post => ({
    id: `p${minutes}-${author.id}`,
    author,
    time: now - minutes * MINUTE,
    text,
    lang: language,
    pictures: [],
    mine: author.id === 'me',
    ...author.id === 'me' ? { delivery: { state: 'home', relays: 2, home: true } } : {},
    ...rest
  })

  switch (scene) {
    case 'new': return { session: fresh, connection: { ...CONNECTED, light: 'yellow' }, posts: [], people }
    case 'starting': return { session: { ...fresh, phase: 'starting' }, connection: CONNECTED, posts: [], people }
    case 'broken': return { session: { ...fresh, phase: 'starting', problem: { code: 'storage-refused', detail: '' } }, connection: CONNECTED, posts: [], people }
    case 'invited': return { session: fresh, connection, posts: await annasWall(), people }
    case 'empty': return { session: { ...ready, unsafe: true, following: [], me: { id: 'me', name: words.me } }, connection: { ...connection, home: undefined, people: [] }, posts: [], people }
    case 'loading': return { session: ready, connection: { ...connection, light: 'yellow' }, posts: [], people, loading: true }
    case 'unreachable': return { session: ready, connection, posts: [], people, unreachable: true }
    case 'one': return { session: { ...ready, following: [], unsafe: true }, connection: { ...connection, home: undefined }, posts: [post(me, 2, words.one, { delivery: { state: 'relay', relays: 1, home: false }, pictures: [await photo('hills', 7, 1600, 1067, words.alts[0])] })], people }
    case 'offline': return { session: ready, connection: OFFLINE, posts: [post(me, 4, words.offline, { delivery: { state: 'device', relays: 0, home: false } }), ...await mixed()], people }
    case 'orange': return { session: ready, connection: { ...connection, light: 'orange', relays: [{ ...CONNECTED.relays[0], state: 'refused', until: now + 12 * MINUTE }] }, posts: await mixed(), people }
    case 'many': return { session: ready, connection, posts: Array.from({ length: 500 }, (_, at) => post(people[at % 4], 10 + at * 37, words.lines[at % words.lines.length])), people }
    default: return { session: ready, connection, posts: await mixed(), people }
  }

  async function mixed (): Promise<Post[]> {
    return [
      ...await annasWall(),
      post(me, 26, words.edited, { editedAt: now - 20 * MINUTE }),
      post(tom, 95, words.warned, { warning: words.warning }),
      post(yusuf, 190, words.formatted),
      post(me, 60 * 5, words.album, {
        delivery: { state: 'relay', relays: 2, home: false },
        pictures: [
          await photo('sea', 21, 1600, 1067, words.alts[1]),
          await photo('hills', 22, 1067, 1600, words.alts[0]),
          await photo('street', 23, 1600, 1200, words.alts[2]),
          await photo('table', 24, 1200, 1200, ''),
          await photo('sea', 25, 1600, 900, '')
        ]
      }),
      post(yusuf, 60 * 27, words.bidi, { lang: undefined }),
      post(tom, 60 * 30, words.long),
      ...words.lines.map((line, at) => post(people[(at + 1) % 4], 60 * 40 + at * 400, line))
    ]
  }

  async function annasWall (): Promise<Post[]> {
    return [
      post(anna, 8, words.walk, { pictures: [await photo('hills', 11, 1600, 1067, words.alts[0]), await photo('sea', 12, 1600, 1200, words.alts[1])] }),
      post(anna, 60 * 9, words.bread, { pictures: [await photo('table', 13, 1067, 1600, words.alts[3])] }),
      post(anna, 60 * 52, words.quiet)
    ]
  }

  async function photo (kind: 'hills' | 'sea' | 'street' | 'table', seed: number, width: number, height: number, alt: string): Promise<Picture> {
    return paint({ kind, seed, width, height, alt })
  }
}
