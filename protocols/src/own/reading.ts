/** What the entries of the own space say, as far as they count. Begun anew when other ones count. Rules: specs/own.md [OW3], [OW20] to [OW34]. */
import { toHex } from '../ids.ts'
import { epochId } from '../space/index.ts'
import { countsIn, Cuts } from './cuts.ts'
import { decodeOwnPayload } from './payload.ts'
import { Registers } from './registers.ts'
import type { Extents } from './cuts.ts'
import type { OwnPayload } from './payload.ts'
import type { Entry } from '../log/index.ts'
import type { Epochs } from '../space/index.ts'

export class Reading {
  readonly extents: Extents
  readonly registers = new Registers()
  readonly cuts = new Cuts()
  readonly #epochs: Epochs
  /** By the epoch under which it was told (hexadecimal id), ids of epochs whose keys were */
  readonly #told = new Map<string, Set<string>>()

  constructor (epochs: Epochs, extents: Extents) {
    this.#epochs = epochs
    this.extents = extents
  }

  /**
   * Takes an entry; taking one again is harmless.
   *
   * @returns the name of the register that has another value now; `missed`: entries taken before can be opened only now
   */
  async take (entry: Entry): Promise<{ name?: string, missed: boolean }> {
    if (entry.header.epoch == null) {
      return { missed: await this.#epochs.add(entry) }
    }

    const { device, epoch, seq, time } = entry.header
    const payload = countsIn(this.extents, device, seq) ? await this.#read(entry) : undefined
    const version = { id: entry.id, claimed: time }

    if (payload?.kind === 'cut') {
      this.cuts.add({ ...version, author: device, device: payload.device, last: payload.last, after: payload.after })
    } else if (payload?.kind === 'past') {
      return { missed: await this.#learn(toHex(epoch), payload.keys) }
    } else if (payload?.kind === 'set') {
      const { name, value, after } = payload

      return { missed: false, ...(this.registers.add({ ...version, name, value, after }) ? { name } : {}) }
    }

    return { missed: false }
  }

  /** Whether a key was told under an epoch, in what counts. Both ids in hexadecimal */
  wasTold (under: string, id: string): boolean {
    return this.#told.get(under)?.has(id) === true
  }

  async #read (entry: Entry): Promise<OwnPayload | undefined> {
    try {
      const bytes = await this.#epochs.open(entry)

      return bytes == null ? undefined : decodeOwnPayload(bytes)
    } catch {
      // not what was sealed, or nothing that this version can read: it says nothing here
      return undefined
    }
  }

  async #learn (under: string, keys: Uint8Array[]): Promise<boolean> {
    const told = this.#told.get(under) ?? new Set<string>()
    let missed = false

    this.#told.set(under, told)

    for (const key of keys) {
      told.add(toHex(epochId(key)))
      missed = await this.#epochs.learn(key) || missed
    }

    return missed
  }
}
