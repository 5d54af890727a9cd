/** Keeps private spaces within their bounds: what is here is written down beside it, so that a start need not read it all. Rules: follow.md [FO15] to [FO18]. */
import { decodeCanonical, encode, encodeEntry, fromHex, idBytes, identityId, isPrivateSpace, prefixStore, publicWall, spaceId, systemClock } from '@pergola/protocols'
import { MAX_PRIVATE_AUTHORS, MAX_PRIVATE_BYTES, MAX_PRIVATE_BYTES_PER_CLIENT, MAX_PRIVATE_SPACES, MAX_PRIVATE_SPACES_PER_CLIENT } from './constants.ts'
import { PrivateLedger } from './private-ledger.ts'
import type { PrivateLimits } from './private-ledger.ts'
import type { IdentityId, Log, SpaceId, Store } from '@pergola/protocols'

/** Where it is written down, apart from the log in the same store: what is written before entries is on the disk before them */
const PREFIX = Uint8Array.of(0x50)
/** A note of one space: 4,096 authors fit */
const MAX_NOTE_BYTES = 256 * 1024

export interface PrivateSpacesInit {
  store: Store
  log: Log
  /** Who asks for a space at this moment, the first one first */
  askers (space: SpaceId): string[]
  limits?: Partial<PrivateLimits>
}

export interface PrivateSpaces {
  /** Whether a client may ask for a space, private or not */
  mayAsk (space: SpaceId, client: string): boolean
  /** A client has begun with a space */
  opened (space: SpaceId, client: string): void
  /** Whether there is room for so many bytes of a space, private or not; makes it where it can */
  takes (space: SpaceId, bytes: number, recordOf?: IdentityId): Promise<boolean>
  /** Forgets a space, private or not, and the records that were here for a private one alone */
  drop (space: SpaceId): Promise<void>
}

type Note = [bytes: number, used: number, authors: Uint8Array[]]

class KeptSpaces implements PrivateSpaces {
  readonly #log: Log
  readonly #notes: Store
  readonly #askers: PrivateSpacesInit['askers']
  readonly #ledger: PrivateLedger

  constructor ({ store, log, askers, limits }: PrivateSpacesInit) {
    this.#log = log
    this.#notes = prefixStore(store, PREFIX)
    this.#askers = askers
    this.#ledger = new PrivateLedger({
      maxBytes: MAX_PRIVATE_BYTES,
      maxSpaces: MAX_PRIVATE_SPACES,
      maxBytesPerClient: MAX_PRIVATE_BYTES_PER_CLIENT,
      maxSpacesPerClient: MAX_PRIVATE_SPACES_PER_CLIENT,
      maxAuthors: MAX_PRIVATE_AUTHORS,
      ...limits
    })
    log.addEventListener('entries:added', ({ detail: { space, entries } }) => {
      if (isPrivateSpace(space)) {
        this.#add(space, entries.reduce((sum, entry) => sum + encodeEntry(entry).length, 0), entries.map(({ header }) => header.identity))
      }
    })
  }

  /** Reads the notes; before anything else is asked */
  async load (): Promise<void> {
    const found: Array<{ space: SpaceId, note: Note }> = []

    for await (const [key, value] of this.#notes.range()) {
      found.push({ space: spaceId(key), note: decodeCanonical(value, { maxBytes: MAX_NOTE_BYTES }) as Note })
    }

    for (const { space, note: [bytes, , authors] } of found.sort((a, b) => a.note[1] - b.note[1])) {
      this.#ledger.load(space, bytes, authors.map(author => identityId(author)))
    }
  }

  mayAsk (space: SpaceId, client: string): boolean {
    // in this order: to tell the kind of an id takes long, and ids are asked for by the thousand
    return this.#ledger.mayAsk(space, client) || !isPrivateSpace(space)
  }

  opened (space: SpaceId, client: string): void {
    if (this.#ledger.get(space) != null) {
      this.#ledger.use(space, client)
      this.#note(space)
    }
  }

  async takes (space: SpaceId, bytes: number, recordOf?: IdentityId): Promise<boolean> {
    if (!isPrivateSpace(space)) {
      return true
    }

    const inUse = (candidate: SpaceId): boolean => this.#askers(candidate).length > 0
    const gone = this.#ledger.makeRoom({ space, bytes, askers: this.#askers(space), inUse, ...(recordOf == null ? {} : { recordOf }) })

    if (gone == null) {
      return false
    }

    // entries are counted once they are there
    this.#add(space, recordOf == null ? 0 : bytes, recordOf == null ? [] : [recordOf])
    await Promise.all(gone.map(async other => this.drop(other)))

    return true
  }

  async drop (space: SpaceId): Promise<void> {
    const left = this.#ledger.dropped(space)

    await this.#log.dropSpace(space)

    if (isPrivateSpace(space) && this.#ledger.get(space) == null) {
      await this.#notes.delete(idBytes(space))
    }

    for (const identity of left.filter(author => this.#askers(publicWall(author)).length === 0)) {
      await this.#log.dropRecord(identity)
    }
  }

  #add (space: SpaceId, bytes: number, authors: IdentityId[]): void {
    this.#ledger.added(space, bytes, authors, this.#askers(space))
    this.#note(space)
  }

  #note (space: SpaceId): void {
    const held = this.#ledger.get(space)

    if (held != null) {
      const note: Note = [held.bytes, systemClock.now(), [...held.authors].map(author => fromHex(author))]

      // a note that is lost with the power costs a little of the count
      this.#notes.put(idBytes(space), encode(note)).catch(() => {})
    }
  }
}

/** Reads what is known of the private spaces in a store */
export async function openPrivateSpaces (init: PrivateSpacesInit): Promise<PrivateSpaces> {
  const spaces = new KeptSpaces(init)

  await spaces.load()

  return spaces
}
