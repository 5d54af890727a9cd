/**
 * What a relay keeps of private spaces, who pays for it, and what has to go to make room. Pure: it is told what was written and says what
 * to drop. Rules: follow.md [FO17].
 */
import type { IdentityId, SpaceId } from '@pergola/protocols'

export interface PrivateLimits {
  /** Bytes of all private spaces together */
  maxBytes: number
  maxSpaces: number
  /** Bytes of the spaces that one client pays for */
  maxBytesPerClient: number
  maxSpacesPerClient: number
  /** Identities whose records are kept for one space */
  maxAuthors: number
}

/** What is asked for a space: more room, or to begin it */
export interface RoomRequest {
  space: SpaceId
  bytes: number
  /** Those who ask for the space at this moment, the first one first */
  askers: string[]
  /** The bytes are the record of this identity */
  recordOf?: IdentityId
  /** Whether somebody asks for a space at this moment: it does not go then */
  inUse (space: SpaceId): boolean
}

export interface HeldSpace {
  bytes: number
  authors: Set<IdentityId>
  /** The client that asked for it first, while it asks or nobody else writes; nobody after a restart, until somebody asks again */
  payer?: string
}

export class PrivateLedger {
  readonly #limits: PrivateLimits
  /** The one used longest ago first */
  readonly #held = new Map<SpaceId, HeldSpace>()
  /** In how many spaces an identity is an author */
  readonly #authors = new Map<IdentityId, number>()
  readonly #clients = new Map<string, { bytes: number, spaces: number }>()
  #bytes = 0

  constructor (limits: PrivateLimits) {
    this.#limits = limits
  }

  get (space: SpaceId): Readonly<HeldSpace> | undefined {
    return this.#held.get(space)
  }

  /** From one used longest ago to the newest: what was there before the start */
  load (space: SpaceId, bytes: number, authors: Iterable<IdentityId>): void {
    this.#held.set(space, { bytes: 0, authors: new Set() })
    this.added(space, bytes, authors, [])
  }

  /** Somebody asks for it now */
  use (space: SpaceId, client: string): void {
    const held = this.#held.get(space)

    if (held != null) {
      this.#held.delete(space)
      this.#held.set(space, held)
      this.#pay(held, held.payer ?? client)
    }
  }

  /** Whether a client may ask for a space: one that is here, or another within what it may have */
  mayAsk (space: SpaceId, client: string): boolean {
    const { bytes, spaces } = this.#clients.get(client) ?? { bytes: 0, spaces: 0 }

    return this.#held.has(space) || (spaces < this.#limits.maxSpacesPerClient && bytes < this.#limits.maxBytesPerClient)
  }

  /** Which spaces have to go first, so that there is room; undefined if there is none */
  makeRoom ({ space, bytes, askers, recordOf, inUse }: RoomRequest): SpaceId[] | undefined {
    const { maxBytes, maxSpaces, maxBytesPerClient, maxSpacesPerClient, maxAuthors } = this.#limits
    const held = this.#held.get(space)
    const payer = payerOf(held, askers)
    const paid = payer == null ? undefined : this.#clients.get(payer) ?? { bytes: 0, spaces: 0 }
    const begins = held == null || held.payer !== payer
    const isNewAuthor = recordOf != null && held?.authors.has(recordOf) !== true

    if (paid == null || paid.bytes + bytes + (begins ? held?.bytes ?? 0 : 0) > maxBytesPerClient ||
      (begins && paid.spaces >= maxSpacesPerClient) || (isNewAuthor && (held?.authors.size ?? 0) >= maxAuthors)) {
      return undefined
    }

    const gone: SpaceId[] = []
    let over = this.#bytes + bytes - maxBytes
    let tooMany = this.#held.size + (held == null ? 1 : 0) - maxSpaces

    for (const [candidate, { bytes: freed }] of this.#held) {
      if (over <= 0 && tooMany <= 0) {
        break
      }

      if (candidate !== space && !inUse(candidate)) {
        gone.push(candidate)
        over -= freed
        tooMany--
      }
    }

    return over <= 0 && tooMany <= 0 ? gone : undefined
  }

  /** These bytes were written, of entries or records by these identities */
  added (space: SpaceId, bytes: number, authors: Iterable<IdentityId>, askers: string[]): void {
    const held = this.#held.get(space) ?? { bytes: 0, authors: new Set<IdentityId>() }

    this.#held.set(space, held)
    this.#pay(held, payerOf(held, askers))
    held.bytes += bytes
    this.#bytes += bytes
    this.#charge(held, bytes, 0)

    for (const identity of authors) {
      if (!held.authors.has(identity)) {
        held.authors.add(identity)
        this.#authors.set(identity, (this.#authors.get(identity) ?? 0) + 1)
      }
    }
  }

  /** Gone from the disk; says of which identities nothing else is here */
  dropped (space: SpaceId): IdentityId[] {
    const held = this.#held.get(space)

    if (held == null) {
      return []
    }

    this.#held.delete(space)
    this.#bytes -= held.bytes
    this.#charge(held, -held.bytes, -1)

    return [...held.authors].filter(identity => {
      const left = (this.#authors.get(identity) ?? 1) - 1

      if (left > 0) {
        this.#authors.set(identity, left)
      } else {
        this.#authors.delete(identity)
      }

      return left <= 0
    })
  }

  #pay (held: HeldSpace, client: string | undefined): void {
    if (client != null && client !== held.payer) {
      this.#charge(held, -held.bytes, -1)
      held.payer = client
      this.#charge(held, held.bytes, 1)
    }
  }

  #charge ({ payer }: HeldSpace, bytes: number, spaces: number): void {
    if (payer == null) {
      return
    }

    const paid = this.#clients.get(payer) ?? { bytes: 0, spaces: 0 }
    const now = { bytes: paid.bytes + bytes, spaces: paid.spaces + spaces }

    if (now.spaces > 0) {
      this.#clients.set(payer, now)
    } else {
      this.#clients.delete(payer)
    }
  }
}

/** Who does not ask any more pays only until somebody else has more written */
function payerOf (held: HeldSpace | undefined, askers: string[]): string | undefined {
  return held?.payer != null && (askers.length === 0 || askers.includes(held.payer)) ? held.payer : askers[0]
}
