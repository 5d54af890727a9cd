/**
 * A seeded simulator of one person's devices, with the real election of the primary over virtual time: troubles come in bursts, with lulls
 * between them in which everything has to be right again. Rules: specs/primary.md.
 */
import { sha256 } from '../hash.ts'
import { deviceId, identityId } from '../ids.ts'
import { actId, rankDevices } from '../primary/index.ts'
import { SimulatedDevice } from './simulator-device.ts'
import { DeviceMesh } from './simulator-mesh.ts'
import { ROOT } from './simulator-primary-scenario.ts'
import { SeededRandom } from './simulator-random.ts'
import { VirtualTime } from './simulator-time.ts'
import type { PrimaryScenario, Trouble } from './simulator-primary-scenario.ts'
import type { DeviceId } from '../ids.ts'
import type { ActId, DeviceOrder, OwnRecord } from '../primary/index.ts'

/** How long after the last trouble everything has to be right again */
const TAKEOVER_MS = 30_000
const SECOND_MS = 1_000
/** Of one history: the first ones tell enough */
const MAX_FAULTS = 3

export interface PrimaryOutcome {
  devices: SimulatedDevice[]
  /** What is open in the end, in the order that stands then */
  ranked: DeviceId[]
  /** Everything that was asked for */
  asked: ActId[]
  /** Acts that more than one device did */
  doubled: number
  /** Moments at which somebody looked whether all is right */
  checks: number
  /** As many of them while devices knew different orders */
  stuckChecks: number
  /** Moments at which it was not, in words */
  faults: string[]
  /** Devices that became primary after another one */
  takeovers: number
}

class PrimaryPlay {
  readonly scenario: PrimaryScenario
  readonly random: SeededRandom
  readonly time = new VirtualTime()
  readonly devices: SimulatedDevice[]
  readonly mesh: DeviceMesh
  readonly asked: ActId[] = []
  readonly faults: string[] = []
  checks = 0
  stuckChecks = 0
  takeovers = 0
  private readonly origin = this.time.now()
  private lastTrouble = 0
  private lastPrimary?: DeviceId
  private versions = 0

  constructor (scenario: PrimaryScenario) {
    const { homes, pairs, latency, seed } = scenario
    const identity = identityId(sha256(Uint8Array.of(0)))
    const ids = homes.map((_, i) => deviceId(sha256(Uint8Array.of(1, i))))
    const record: OwnRecord = { seq: 0, devices: ids.map((device, i) => ({ device, role: homes[i] ? 'home' : 'client' })) }

    this.scenario = scenario
    this.random = new SeededRandom(seed)
    this.devices = ids.map((device, i) => new SimulatedDevice({
      name: `device ${i}`,
      identity,
      device,
      record,
      time: this.time,
      random: this.random,
      send: (from, effect) => { this.mesh.send(from, effect) }
    }))
    this.mesh = new DeviceMesh({ time: this.time, random: this.random, latency, pairs: pairs.map(([a, b]) => [this.devices[a], this.devices[b]]) })
  }

  async run (): Promise<void> {
    const { scenario, time, devices } = this

    for (const device of devices) {
      time.after(this.random.between(0, 3_000), () => { device.start() })
    }

    this.trouble(3_000)
    scenario.troubles.forEach(trouble => { time.after(trouble.at, () => { this.bring(trouble) }) })
    scenario.requests.forEach(({ at, device }, i) => { time.after(at, () => { this.request(device, i) }) })

    for (let at = SECOND_MS; at <= scenario.duration; at += SECOND_MS) {
      time.after(at, () => { this.second() }, 1)
    }

    const end = time.now() + scenario.duration

    while (time.now() < end && await time.step()) {
      // one thing after the other
    }
  }

  /** What is open by the newest record, in the newest order */
  ranked (among: SimulatedDevice[] = this.devices): DeviceId[] {
    const record = among.map(({ kept }) => kept.record).reduce((a, b) => b.seq > a.seq ? b : a)
    const order = among.flatMap(({ kept }) => kept.order ?? []).reduce<DeviceOrder & { version: number } | undefined>((a, b) => a == null || b.version > a.version ? b : a, undefined)

    return rankDevices(record, order)
  }

  isOpen (device: SimulatedDevice): boolean {
    return this.devices[ROOT].kept.record.devices.some(entry => entry.device === device.device)
  }

  private second (): void {
    this.mesh.connect()
    this.mesh.exchange()
    this.devices.forEach(device => { device.work() })

    const [first] = this.devices.filter(device => device.acts && this.isOpen(device))

    if (first != null && first.device !== this.lastPrimary) {
      this.takeovers += this.lastPrimary == null ? 0 : 1
      this.lastPrimary = first.device
    }

    if (this.elapsed() - this.lastTrouble > TAKEOVER_MS) {
      this.mesh.groups(this.devices.filter(device => device.isUp && this.isOpen(device))).forEach(group => { this.check(group) })
    }
  }

  /** Those who are connected have one primary: the first of the newest order who is caught up */
  private check (group: SimulatedDevice[]): void {
    // a closed device still counts for whoever had nobody to hear of it from
    if (group.some(({ kept }) => kept.record.seq < this.devices[ROOT].kept.record.seq)) {
      return
    }

    const acting = group.filter(({ acts }) => acts)

    this.checks++

    if (this.mesh.isStuck) {
      this.stuckChecks++

      // there may be two, but work does not lie about
      if (acting.length === 0 && group.some(({ isCaughtUp }) => isCaughtUp)) {
        this.fault('somebody should be primary, nobody is')
      }

      return
    }

    const wanted = this.ranked(group).find(id => group.some(({ device, isCaughtUp }) => device === id && isCaughtUp))

    if (acting.length !== 1 || acting[0].device !== wanted || group.some(({ state }) => state?.view().primary !== wanted)) {
      this.fault(`${this.nameOf(wanted)} should be primary, it is ${acting.map(({ name }) => name).join(' and ')}; seen: ${group.map(({ name, state }) => `${name}: ${this.nameOf(state?.view().primary)}`).join(', ')}`)
    }
  }

  private nameOf (id: DeviceId | undefined): string {
    return this.devices.find(({ device }) => device === id)?.name ?? 'nobody'
  }

  private fault (what: string): void {
    if (this.faults.length < MAX_FAULTS) {
      this.faults.push(`after ${this.elapsed()} ms: ${what}`)
    }
  }

  private request (device: number, number: number): void {
    const id = actId('include', Uint8Array.of(number))
    const first = this.devices[device]

    this.asked.push(id)

    // whoever is closed hears nothing more of friends
    const hears = this.isOpen(first) ? first : this.devices[ROOT]

    hears.ask(id)
  }

  private bring (trouble: Trouble): void {
    const until = 'until' in trouble ? trouble.until : trouble.at

    this.trouble(trouble.at)

    switch (trouble.what) {
      case 'crash':
      case 'stop':
      case 'sleep':
        this.turnOff(trouble.what, trouble.device === 'primary' ? this.devices.find(({ acts }) => acts) : this.devices[trouble.device], until)
        break
      case 'partition':
        this.mesh.cut(trouble.second.map(i => this.devices[i]))
        this.later(until, () => { this.mesh.cut([]) })
        break
      case 'loss':
        this.mesh.loss = trouble.percent / 100
        this.later(until, () => { this.mesh.loss = 0 })
        break
      case 'stuck':
        this.mesh.isStuck = true
        this.later(until, () => { this.mesh.isStuck = false })
        break
      case 'order':
        this.reorder(trouble)
        break
      default:
        this.close(this.devices[trouble.device], trouble.knows)
    }
  }

  private turnOff (how: 'crash' | 'stop' | 'sleep', device: SimulatedDevice | undefined, until: number): void {
    if (device?.isUp !== true) {
      return
    }

    device[how]()
    this.later(until, () => {
      if (how === 'sleep') {
        device.wake(this.random.chance(0.5))
      } else {
        device.start()
      }
    })
  }

  private reorder ({ device, order, fixed }: Extract<Trouble, { what: 'order' }>): void {
    const idOf = (i: number): DeviceId => this.devices[i].device
    const writer = this.devices[device]

    if (writer.isUp && this.isOpen(writer)) {
      writer.setOrder({ version: ++this.versions, order: order.map(idOf), ...(fixed == null ? {} : { fixed: idOf(fixed) }) })
    }
  }

  private close (device: SimulatedDevice, knows: boolean): void {
    const root = this.devices[ROOT]

    if (root.isUp && this.isOpen(device)) {
      const { seq, devices } = root.kept.record

      // what it alone was asked for its friends ask again
      device.kept.asked.forEach(id => { root.ask(id) })
      root.kept.record = { seq: seq + 1, devices: devices.filter(entry => entry.device !== device.device) }
      root.handle({ type: 'record', record: root.kept.record })
      device.isDeaf = !knows
      this.mesh.bypass(device)
    }
  }

  private later (until: number, run: () => void): void {
    this.time.after(until - this.elapsed(), () => {
      run()
      this.trouble(this.elapsed())
    })
  }

  private trouble (at: number): void {
    this.lastTrouble = Math.max(this.lastTrouble, at)
  }

  private elapsed (): number {
    return this.time.now() - this.origin
  }
}

/** Plays a scenario to its end */
export async function simulatePrimary (scenario: PrimaryScenario): Promise<PrimaryOutcome> {
  const play = new PrimaryPlay(scenario)

  await play.run()

  const { devices, asked, checks, stuckChecks, faults, takeovers } = play
  const done = new Map<string, number>()

  new Set(devices.flatMap(({ kept }) => [...kept.log])).forEach(line => {
    const id = line.split(' ')[0]

    done.set(id, (done.get(id) ?? 0) + 1)
  })

  return {
    devices: devices.filter(device => play.isOpen(device)),
    ranked: play.ranked(devices.filter(device => play.isOpen(device))),
    asked,
    doubled: [...done.values()].filter(times => times > 1).length,
    checks,
    stuckChecks,
    faults,
    takeovers
  }
}
