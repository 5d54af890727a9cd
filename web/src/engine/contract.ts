/**
 * The one contract between pages and engine. Everything in it can be structured-cloned: pages may live in another tab than the engine.
 * Pages know no network and no keys; ids are opaque text that may stand in the address bar.
 */

export { MAX_POST_IMAGES, MAX_POST_TEXT_BYTES } from '@pergola/protocols/limits'

/** green: connected; yellow: connecting; orange: a relay refuses for a while; red: offline */
export type LightColour = 'green' | 'yellow' | 'orange' | 'red'

export interface RelayStatus {
  /** Opaque, the same over time */
  id: string
  /** What its operator calls it, or its host name */
  name: string
  state: 'connected' | 'connecting' | 'refused' | 'offline'
  /** How one is connected to it */
  path?: 'direct' | 'webrtc' | 'relayed' | 'tor'
  /** Round trip in milliseconds */
  rtt?: number
  /** When the next attempt is made, or the refusal ends: milliseconds since the epoch */
  until?: number
  /** For the technical page: peer id and address */
  technical: { peer: string, address: string }
}

export interface PersonStatus {
  id: string
  name: string
  path: 'direct' | 'webrtc' | 'relayed'
}

export interface ConnectionState {
  light: LightColour
  relays: RelayStatus[]
  /** One's own home node; undefined while none is paired */
  home?: { state: 'connected' | 'offline', name: string }
  /** Friends one is connected to right now */
  people: PersonStatus[]
}

export interface Person {
  /** What stands in links: `k51…` */
  id: string
  /** Empty until a profile has arrived */
  name: string
  bio?: string
  avatar?: Picture
}

export interface Picture {
  small: { media: MediaKey, width: number, height: number }
  large: { media: MediaKey, width: number, height: number, size: number }
  /** `data:` URL of a tiny picture to show blurred; empty where there is none */
  blur: string
  alt: string
}

/** Names a file of the mesh; `media` of the engine turns it into bytes */
export interface MediaKey {
  cid: string
  type: string
  /** Whose wall it belongs to: tells where to look for it */
  owner: string
}

/** From signed receipts only. `device`: nowhere else yet; `relay`: at one's relay(s), with its media; `home`: at one's home node, with its media */
export interface Delivery {
  state: 'device' | 'relay' | 'home'
  /** How many relays hold it */
  relays: number
  home: boolean
}

export interface Post {
  id: string
  author: Person
  /** Milliseconds since the epoch */
  time: number
  editedAt?: number
  /** Markdown subset */
  text: string
  lang?: string
  warning?: string
  pictures: Picture[]
  mine: boolean
  /** Only of one's own posts */
  delivery?: Delivery
}

export interface WallPage {
  person: Person
  /** Newest first */
  posts: Post[]
  /** Older posts are known of but not here yet */
  loading: boolean
  /** Nobody who has it can be reached right now */
  unreachable: boolean
  relation: 'me' | 'following' | 'none'
}

export interface TimelinePage {
  /** Newest first, own and followed walls together */
  posts: Post[]
  loading: boolean
}

export interface Draft {
  text: string
  warning?: string
  lang?: string
  pictures: Array<{ file: Blob, alt: string }>
}

export interface ProfileDraft {
  name: string
  bio?: string
  /** A square picture; null takes the present one away, undefined keeps it */
  avatar?: Blob | null
}

export interface Progress {
  /** Of work in several steps; each has its own amounts */
  step?: 'check' | 'take'
  unit: 'bytes' | 'entries'
  /** Done, and in all */
  done: number
  total: number
  /** Per second, since it began */
  speed: number
}

export interface SavedArchive {
  file: Blob
  posts: number
  /** Picture files in it, and those that could not be had */
  files: number
  missing: number
}

export interface TakenArchive {
  /** Whose it is */
  person: Person
  posts: number
  /** Entries that are new, and that do not count here */
  added: number
  refused: number
  /** Whether it is one's own: it was, or with the passphrase it is from now on */
  mine: boolean
}

/** What brings one back when every device is lost, to be written on paper */
export interface RecoveryWords {
  /** In their order */
  words: string[]
  /** Places, from 1 and ascending, of those to say back */
  asked: number[]
}

export interface PairingState {
  /** What the home node is given with `pair` */
  link: string
  expires: number
  /** `confirm`: another device is there, and nothing goes on until `confirmPairing` */
  state: 'waiting' | 'connecting' | 'confirm' | 'done' | 'expired' | 'failed'
  /** With state `confirm`: six digits that the other device shows as well, and what it calls itself */
  asked?: { code: string, device: string }
  /** A sentence, with state `failed` */
  reason?: string
}

/** How it goes when this browser becomes one of somebody's devices */
export interface LinkingState {
  /** `confirm`: the other device asks whether it shows the same code; `arriving`: it is one now, and what one has comes from there */
  state: 'connecting' | 'confirm' | 'arriving' | 'done' | 'failed'
  /** Six digits, with state `confirm` */
  code?: string
  /** With state `arriving` */
  progress?: Progress
  /** With state `failed` */
  problem?: EngineProblem
}

/** One of one's own devices */
export interface DeviceStatus {
  /** Opaque, the same over time */
  id: string
  /** Empty while it has none */
  name: string
  home: boolean
  /** Whether it is this one */
  current: boolean
  /** Whether it is connected to this one; this one is */
  online: boolean
  /** When it was connected last, in milliseconds since the epoch; not known for long */
  lastSeen?: number
}

/** What the page shows first of all */
export interface Session {
  /** `starting`: the store is being read; `new`: nobody has joined here; `ready`: there is a wall */
  phase: 'starting' | 'new' | 'ready'
  me?: Person
  /** The wall is at no home node and in no backup yet: a plain warning is due */
  unsafe: boolean
  /** The recovery words were written down, and some of them said back */
  wordsKept?: boolean
  /** Whether the browser promised to keep the data */
  persisted: boolean
  /** People one follows */
  following: Person[]
  /** Direct connections with friends are allowed */
  direct: boolean
  /** Opened by an invite that has not been used yet: whose wall to show */
  invitedBy?: { id: string, name: string }
  /** Only with `starting`: the store could not be opened; nothing comes after it until the page is loaded again */
  problem?: EngineProblem
}

/** A sentence for the person is in the catalogue under this name, with `detail` for the technical page */
export interface EngineProblem {
  code: 'picture-format' | 'picture-too-large' | 'text-too-long' | 'too-many-pictures' | 'wrong-passphrase' | 'not-a-backup' | 'backup-newer' | 'backup-cut' |
    'not-an-archive' | 'archive-newer' | 'archive-cut' | 'archive-damaged' | 'archive-too-large' | 'archive-foreign' | 'archive-without-keys' |
    'not-an-invite' | 'no-root' |
    'pairing-refused' | 'pairing-forged' | 'pairing-declined' | 'device-away' | 'device-closed' | 'no-such-device' | 'words-wrong' | 'invite-newer' | 'unknown-id' | 'storage-full' | 'storage-refused' | 'no-relay' | 'already-joined' | 'name-empty' | 'interrupted' | 'internal'
  detail: string
}

/** What the promises of an engine reject with */
export class EngineError extends Error {
  readonly name = 'EngineError'
  readonly problem: EngineProblem

  constructor (problem: EngineProblem) {
    super(problem.detail === '' ? problem.code : `${problem.code}: ${problem.detail}`)
    this.problem = problem
  }
}

export type Unsubscribe = () => void

/** Of what takes long: aborted, it leaves everything as it was */
export interface LongOptions {
  signal?: AbortSignal
  onProgress? (progress: Progress): void
}

/** Every promise rejects with an `EngineError`, or, when its `signal` is aborted, with an `Error` named `AbortError` */
export interface Engine {
  watchSession (listener: (session: Session) => void): Unsubscribe
  watchConnection (listener: (connection: ConnectionState) => void): Unsubscribe
  watchTimeline (listener: (page: TimelinePage) => void): Unsubscribe
  /** Any wall: one's own, a followed one, or a stranger's by id */
  watchWall (id: string, listener: (page: WallPage) => void): Unsubscribe

  /** Text of an invite (a link or its `#` part), or an id that somebody typed. Uses nothing up. Resolves with the person whose wall it is */
  openLink (text: string): Promise<Person>

  join (init: { name: string }): Promise<void>
  restore (backup: Blob, passphrase: string, onProgress?: (progress: Progress) => void): Promise<void>
  backup (passphrase: string, onProgress?: (progress: Progress) => void): Promise<Blob>

  /** All of one's own as one file that any computer opens; with a passphrase one's keys are in it, locked */
  saveArchive (init: { passphrase?: string, follows?: boolean }, options?: LongOptions): Promise<SavedArchive>
  /** Adds what is missing here. Where nobody has joined, the passphrase makes this device one of the owner's; without it the wall can be read */
  takeArchive (file: Blob, init: { passphrase?: string }, options?: LongOptions): Promise<TakenArchive>

  /** Of the device one began with: others do not have them */
  recoveryWords (): Promise<RecoveryWords>
  /** Resolves with the places, from 1, of words that are not right; where all are, the session says from now on that they are kept */
  keepWords (answers: Array<{ place: number, word: string }>): Promise<number[]>

  /** Resolves once it is durable on this device */
  post (draft: Draft, onProgress?: (progress: Progress) => void): Promise<string>
  edit (id: string, content: { text: string, warning?: string }): Promise<void>
  remove (id: string): Promise<void>
  profile (profile: ProfileDraft): Promise<void>

  follow (id: string): Promise<void>
  unfollow (id: string): Promise<void>

  /** A link that shows one's wall and lets whoever has it connect directly; `uses` 1 or more */
  invite (options?: { uses?: number, days?: number }): Promise<string>
  /** A link for anybody: one's id and public relays, without a token */
  publicLink (): Promise<string>

  pair (listener: (state: PairingState) => void): Unsubscribe
  /** Whether both screens show the same code; nothing happens where nobody is asked */
  confirmPairing (same: boolean): Promise<void>
  /** Makes this browser, where nobody has joined, one of the devices of whoever made the link with `pair`. @param init.name - of this device */
  link (init: { text: string, name: string }, listener: (state: LinkingState) => void): Unsubscribe
  /** One's own devices that are not closed, in the order in which they were added */
  watchDevices (listener: (devices: DeviceStatus[]) => void): Unsubscribe
  renameDevice (id: string, name: string): Promise<void>
  /** It writes nothing more and opens nothing new, for ever. @param words - the recovery words, where this is not the device one began with */
  closeDevice (id: string, words?: string): Promise<void>
  setDirect (on: boolean): Promise<void>
  reconnect (): Promise<void>

  /** Bytes of a picture, from this device or from whoever has it. Resolves with a Blob of the media type */
  media (key: MediaKey, options?: { signal?: AbortSignal, onProgress?(progress: Progress): void }): Promise<Blob>

  stop (): Promise<void>
}
