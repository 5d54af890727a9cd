/** Follows the log: what is stored and what comes goes into a `Reading`, which is begun anew when other entries count. */
import { deviceStatus } from '../identity/index.ts'
import { extentOf, sameExtents } from './cuts.ts'
import { Reading } from './reading.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { Cuts, Extents } from './cuts.ts'
import type { ChainState, Entry, Log, Range } from '../log/index.ts'
import type { Epochs } from '../space/index.ts'

/** Entries that wait to be taken; more are read from the log again */
const MAX_ARRIVED = 1_000

export interface ReaderInit {
  log: Log
  identity: IdentityId
  space: SpaceId
  epochs: Epochs
}

export class Reader {
  readonly #init: ReaderInit
  readonly #changed = new Set<string>()
  #reading: Reading
  #arrived: Entry[] = []
  /** Whether the reading may lack something that is stored */
  #stale = true
  /** Whether something arrived that is not among `#arrived` */
  #missed = false

  constructor (init: ReaderInit) {
    this.#init = init
    this.#reading = new Reading(init.epochs, new Map())
  }

  get reading (): Reading {
    return this.#reading
  }

  /** These were added to the log */
  arrive (entries: Entry[]): void {
    if (this.#arrived.length + entries.length > MAX_ARRIVED) {
      this.missed()
    } else {
      this.#arrived.push(...entries)
    }
  }

  /** Something may have been added that was not told */
  missed (): void {
    this.#arrived = []
    this.#missed = true
  }

  /** Names of registers that changed since this was asked last */
  changed (): string[] {
    const names = [...this.#changed]

    this.#changed.clear()

    return names
  }

  /** Takes all that has arrived, and looks again at what counts. If it fails, the next call reads all that is stored */
  async catchUp (): Promise<void> {
    do {
      const isStale = this.#stale || this.#missed
      const arrived = this.#arrived

      this.#arrived = []
      this.#missed = false
      this.#stale = true

      if (isStale || await this.#take(arrived) || !sameExtents(this.#reading.extents, await this.#extents(this.#reading.cuts))) {
        await this.#readAll()
      }

      await this.#tellLog()
      this.#stale = false
    } while (this.#arrived.length > 0 || this.#missed)
  }

  /** So that of a closed device the branch that counts is held, whichever came first */
  async #tellLog (): Promise<void> {
    const { identity, log, space } = this.#init
    const record = await this.#record()

    for (const { device } of record?.record.closed ?? []) {
      const [standing] = this.#reading.cuts.of(device, author => isOpen(record, author))

      if (standing != null) {
        await log.setCut({ space, identity, device }, standing.last?.id ?? null)
      }
    }
  }

  /** @returns whether all has to be read again */
  async #take (entries: Entry[]): Promise<boolean> {
    let missedAny = false

    for (const entry of entries) {
      const { name, missed } = await this.#reading.take(entry)

      missedAny ||= missed

      if (name != null) {
        this.#changed.add(name)
      }
    }

    return missedAny
  }

  async #readAll (): Promise<void> {
    const { epochs, log } = this.#init
    let { cuts } = this.#reading
    let isDone = false

    // the entries tell which entries count; what they tell does not depend on what is found in the second round
    while (!isDone) {
      const next = new Reading(epochs, await this.#extents(cuts))
      let missedAny = false

      for (const chain of await this.#chains()) {
        for await (const entry of log.read(chain)) {
          const { missed } = await next.take(entry)

          missedAny ||= missed
        }
      }

      isDone = !missedAny && sameExtents(next.extents, await this.#extents(next.cuts))
      cuts = next.cuts

      if (isDone) {
        this.#replace(next)
      }
    }
  }

  #replace (next: Reading): void {
    const before = this.#reading.registers.standing()
    const after = next.registers.standing()

    this.#reading = next

    for (const name of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(name) !== after.get(name)) {
        this.#changed.add(name)
      }
    }
  }

  async #extents (cuts: Cuts): Promise<Extents> {
    const record = await this.#record()
    const extents = new Map<DeviceId, Range>()

    for (const chain of record == null ? [] : await this.#chains()) {
      const last = cuts.of(chain.device, author => isOpen(record, author))[0]?.last
      const [heldThere] = last == null ? [] : await this.#init.log.ids(chain, [last.seq])
      const extent = record == null ? undefined : extentOf(chain, record.record, last, heldThere)

      if (extent != null) {
        extents.set(chain.device, extent)
      }
    }

    return extents
  }

  async #record (): Promise<SignedRecord | undefined> {
    return this.#init.log.record(this.#init.identity)
  }

  async #chains (): Promise<ChainState[]> {
    return (await this.#init.log.chains(this.#init.space)).filter(({ identity }) => identity === this.#init.identity)
  }
}

function isOpen (record: SignedRecord | undefined, device: DeviceId): boolean {
  return record != null && deviceStatus(record.record, device).status === 'open'
}
