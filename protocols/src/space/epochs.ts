/** The epochs of one private space as they become known. Reads and writes nothing itself. Rules: specs/space.md [SP19] to [SP24]. */
import { sameBytes } from '../codec/index.ts'
import { toHex } from '../ids.ts'
import { decodeBundle, membersKey, membersOf, openBundle } from './bundle.ts'
import { MAX_AWAITED_EPOCHS, MAX_BUNDLES_PER_DEVICE } from './constants.ts'
import { epochId, openEpoch } from './epoch.ts'
import { openPayload } from './seal.ts'
import type { DeviceId, SpaceId } from '../ids.ts'
import type { Epoch, EpochChoice, Epochs, KnownEpoch } from './index.ts'
import type { Entry } from '../log/index.ts'

/** One block of a bundle, without its slots */
interface Note {
  /** Hexadecimal id of the epoch */
  epoch: string
  number: number
  members: Uint8Array
}

interface Known extends KnownEpoch {
  opened: Epoch
  membersKey: Uint8Array
}

class SpaceEpochs implements Epochs {
  readonly #space: SpaceId
  readonly #secrets: Uint8Array[]
  readonly #known = new Map<string, Known>()
  /** By device and sequence number */
  readonly #notes = new Map<DeviceId, Map<number, Note>>()
  readonly #awaited = new Set<string>()
  #awaitsAny = false

  constructor (space: SpaceId, secrets: Uint8Array[]) {
    this.#space = space
    this.#secrets = secrets
  }

  async add (entry: Entry): Promise<boolean> {
    const { device, seq } = entry.header
    const notes = this.#notes.get(device) ?? new Map<number, Note>()

    if (entry.header.epoch != null || entry.payload == null || notes.has(seq) || notes.size >= MAX_BUNDLES_PER_DEVICE) {
      return false
    }

    let key: Uint8Array | undefined

    try {
      const bundle = decodeBundle(entry.payload)

      notes.set(seq, { epoch: toHex(bundle.epoch), number: bundle.number, members: bundle.members.slice() })
      this.#notes.set(device, notes)
      key = this.#known.has(toHex(bundle.epoch)) ? undefined : await openBundle(this.#space, bundle, this.#secrets)
    } catch {
      // of another kind, of a later version, or holding a wrong key: nothing comes of it
      return false
    }

    return key != null && await this.learn(key)
  }

  async learn (key: Uint8Array): Promise<boolean> {
    const id = epochId(key)
    const name = toHex(id)

    if (this.#known.has(name)) {
      return false
    }

    this.#known.set(name, { id, key: key.slice(), opened: await openEpoch(key), membersKey: membersKey(key) })

    return this.#awaited.delete(name) || this.#awaitsAny
  }

  of (id: Uint8Array): Epoch | undefined {
    return this.#known.get(toHex(id))?.opened
  }

  known (): KnownEpoch[] {
    return [...this.#known.values()].map(({ id, key }) => ({ id, key }))
  }

  fit ({ recipients, counts }: EpochChoice): Epoch[] {
    const numbers = new Map<string, number>()

    for (const { epoch, number, members } of this.#counting(counts)) {
      const known = this.#known.get(epoch)

      if (known != null && (numbers.get(epoch) ?? 0) < number && sameBytes(members, membersOf(known.membersKey, recipients))) {
        numbers.set(epoch, number)
      }
    }

    return [...numbers]
      .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
      .flatMap(([epoch]) => this.#known.get(epoch)?.opened ?? [])
  }

  current (choice: EpochChoice): Epoch | undefined {
    return this.fit(choice)[0]
  }

  highest (counts: EpochChoice['counts']): number {
    let highest = 0

    for (const { number } of this.#counting(counts)) {
      highest = Math.max(highest, number)
    }

    return highest
  }

  async open (entry: Entry): Promise<Uint8Array | undefined> {
    const { header, payload } = entry

    if (header.epoch == null || payload == null) {
      return undefined
    }

    const epoch = this.of(header.epoch)

    if (epoch == null) {
      this.#await(toHex(header.epoch))

      return undefined
    }

    return openPayload(epoch, { ...header, epoch: header.epoch }, payload)
  }

  #await (epoch: string): void {
    if (this.#awaited.size < MAX_AWAITED_EPOCHS) {
      this.#awaited.add(epoch)
    } else {
      this.#awaitsAny = true
    }
  }

  * #counting (counts: EpochChoice['counts']): Iterable<Note> {
    for (const [device, notes] of this.#notes) {
      for (const [seq, note] of notes) {
        if (counts(device, seq)) {
          yield note
        }
      }
    }
  }
}

/**
 * Keeps the epochs of a private space. The secrets are the raw X25519 private keys that may open key bundles: of the device, of the
 * reading key, of the recovery key.
 */
export function createEpochs (space: SpaceId, secrets: Uint8Array[]): Epochs {
  return new SpaceEpochs(space, secrets)
}
