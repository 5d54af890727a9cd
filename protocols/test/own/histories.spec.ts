import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { deviceNames, settings } from '../../src/own/index.ts'
import { cases } from '../cases.ts'
import { bring, device, entriesOf, family, keysOf, meet, testClock } from './devices.ts'
import type { Device, Family } from './devices.ts'
import type { SettingName } from '../../src/own/index.ts'

type Step =
  | { kind: 'set', by: number, name: string, time: number }
  | { kind: 'meet', by: number, other: number }
  | { kind: 'close', other: number }
  | { kind: 'add' }
  | { kind: 'restart', by: number }

const some = fc.nat(4)
const name = fc.constantFrom('a', 'b', 'c')

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('set' as const), by: some, name, time: fc.nat(100) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('meet' as const), by: some, other: some }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), other: some }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'add' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), by: some }) }
)

/** What happens to the devices of one identity. The first one holds the root, and is never closed */
class Play {
  readonly home: Family
  readonly devices: Device[] = []
  readonly clock = testClock()
  readonly closed = new Set<Device>()
  /** What closed devices wrote after they were closed */
  readonly late = new Set<string>()
  /** What was written when some were closed, and who was */
  readonly secrets = new Map<string, Device[]>()
  #count = 0

  constructor (home: Family) {
    this.home = home
  }

  get open (): Device[] {
    return this.devices.filter(one => !this.closed.has(one))
  }

  async begin (count: number): Promise<void> {
    const keys = await Promise.all(Array.from({ length: count }, async (_, i) => keysOf(`device ${i}`)))

    await this.home.list(...keys)

    for (const one of keys) {
      this.devices.push(await device(this.home, one, { clock: this.clock }))
    }
  }

  async do (step: Step): Promise<void> {
    const pick = (n: number): Device => this.devices[n % this.devices.length]

    switch (step.kind) {
      case 'set':
        await this.#set(pick(step.by), step.name, step.time)
        break
      case 'meet':
        await this.#meet(pick(step.by), pick(step.other))
        break
      case 'close':
        await this.#close(pick(step.other))
        break
      case 'add':
        await this.#add()
        break
      default:
        await pick(step.by).own.stop()
        await pick(step.by).own.start()
    }
  }

  /** Everybody who is open hears of everything, from the closed ones too */
  async heal (): Promise<void> {
    const [root] = this.devices

    for (const gone of this.closed) {
      await bring(gone, root, { record: false })
    }

    for (let round = 0; round < 3; round++) {
      for (const one of this.open) {
        await bring(root, one)
        await bring(one, root)
      }

      await root.own.settle()
    }
  }

  async #set (by: Device, key: string, time: number): Promise<void> {
    const value = `value ${this.#count++}`
    const register = settings.at(key as SettingName)

    this.clock.time = time

    try {
      await by.own.set(register, value)
    } catch (err) {
      // only a device that has heard of it knows that it was closed
      expect([(err as Error).name, this.closed.has(by)]).to.deep.equal(['NotAWriterError', true])

      return
    }

    if (this.closed.has(by)) {
      this.late.add(value)
    }
  }

  /** A closed device gives what it has and takes what it can get, but nobody tells it the record */
  async #meet (a: Device, b: Device): Promise<void> {
    await (this.closed.has(a) || this.closed.has(b) ? Promise.all([bring(a, b, { record: false }), bring(b, a, { record: false })]) : meet(a, b))
  }

  async #close (other: Device): Promise<void> {
    const [root] = this.devices

    if (other === root || this.closed.has(other)) {
      return
    }

    await root.own.cut([other.device])
    this.closed.add(other)
    await root.log.putRecord(await this.home.list(...this.open))
    await root.own.settle()

    const secret = `secret ${this.#count++}`

    this.secrets.set(secret, [...this.closed])
    await root.own.set(deviceNames.at(root.device), secret)
  }

  async #add (): Promise<void> {
    const [root] = this.devices

    if (this.devices.length > 5) {
      return
    }

    const keys = await keysOf(`device ${this.devices.length}`)

    await root.log.putRecord(await this.home.list(...this.open, keys))
    await root.own.settle()
    this.devices.push(await device(this.home, keys, { clock: this.clock }))
    await bring(root, this.devices[this.devices.length - 1])
  }
}

function shownBy ({ own }: Device): unknown {
  return { settings: [...own.list(settings)].sort(), names: [...own.list(deviceNames)].sort() }
}

describe('own devices, for any history', () => {
  it('[OW26] [OW30] [OW11] all that are open end with the same, and the closed ones neither change nor read it', async function () {
    this.timeout(240_000)

    await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 3 }), fc.array(step, { minLength: 5, maxLength: 30 }), async (count, steps) => {
      const play = new Play(await family())

      await play.begin(count)

      for (const one of steps) {
        await play.do(one)
      }

      await play.heal()

      const [root, ...others] = play.open
      const expected = shownBy(root)

      for (const other of others) {
        expect(shownBy(other)).to.deep.equal(expected)
      }

      for (const [, value] of root.own.list(settings)) {
        expect(play.late.has(String(value))).to.equal(false)
      }

      for (const gone of play.closed) {
        await bring(root, gone, { record: false })
        expect([...gone.own.list(deviceNames).values()].filter(value => play.secrets.get(value)?.includes(gone))).to.deep.equal([])
      }

      // what is stored says the same to a device that begins with it
      const again = await device(play.home, root)

      await again.log.ingest(root.own.space, await entriesOf(root.log))
      await again.own.start()
      expect(shownBy(again)).to.deep.equal(expected)
    }), { numRuns: Math.max(20, Math.floor(cases / 100)) })
  })
})
