/**
 * A seeded simulator: many peers with the real log and the real sync over virtual time. A scenario is data; the same scenario plays the
 * same way each time. What it shows: whatever happens on the way, all honest peers end with the same entries.
 */
import { sha256 } from '../hash.ts'
import { deviceId } from '../ids.ts'
import { encodePayload } from '../wall/index.ts'
import { SimulatedNetwork } from './simulator-network.ts'
import { payloadOf, person, recordOf, writeChain } from './simulator-people.ts'
import { SeededRandom } from './simulator-random.ts'
import { VirtualTime } from './simulator-time.ts'
import type { Latency, SimulatedPeer } from './simulator-network.ts'
import type { Person } from './simulator-people.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { Entry, Log } from '../log/index.ts'

export interface Scenario {
  seed: number
  /** Devices of the author, each with a peer that writes */
  devices: number
  /** Peers that only read and pass on */
  readers: number
  /** Entries that the second device wrote before; every peer holds some stretches of them */
  history: number
  /** Posts that are tried, by all devices together */
  posts: number
  /** Milliseconds of trouble; then everything heals */
  duration: number
  latency: Latency
  /** How often a stream breaks */
  breaks: number
  partitions: Array<{ at: number, until: number, second: number[] }>
  /** Power cuts, by place in the list of peers */
  restarts: Array<{ at: number, peer: number }>
  /** Entries that also arrive by themselves, as gossip would bring them: how likely at each peer, and how likely twice */
  hints: { chance: number, twice: number }
  /** From then on a copy of this device's key writes as well */
  fork?: { at: number, device: number }
  /** Devices that the author closes, at what the first device's peer holds of them; never the first */
  closures: Array<{ at: number, device: number }>
}

/** A scenario with some of everything */
export function scenarioOf (seed: number): Scenario {
  const random = new SeededRandom(seed)
  const devices = random.between(2, 3)
  const readers = random.between(2, 4)
  const forks = random.chance(0.5)
  const peers = devices + readers + (forks ? 1 : 0)
  const duration = 20_000
  const time = (): number => random.between(0, duration)
  const partitions = Array.from({ length: random.between(0, 2) }, () => {
    const at = time()

    return { at, until: at + random.between(500, 8_000), second: Array.from({ length: peers }, (_, i) => i).filter(() => random.chance(0.5)) }
  })

  return {
    seed,
    devices,
    readers,
    history: random.chance(0.3) ? random.between(50, 200) : 0,
    posts: random.between(10, 30),
    duration,
    latency: { min: 1, max: random.pick([5, 50, 400]) },
    breaks: random.between(0, 12),
    partitions,
    restarts: Array.from({ length: random.between(0, 3) }, () => ({ at: time(), peer: random.between(0, peers - 1) })),
    hints: { chance: random.pick([0, 0.3, 0.8]), twice: 0.3 },
    ...(forks ? { fork: { at: random.between(0, duration / 2), device: random.between(0, devices - 1) } } : {}),
    closures: random.chance(0.6) ? [{ at: random.between(Math.round(duration / 3), duration), device: random.between(1, devices - 1) }] : []
  }
}

export interface Outcome {
  author: Person
  peers: SimulatedPeer[]
  /** Entries whose author was told that they are durable */
  acked: Entry[]
  /** The author's newest record */
  record: SignedRecord
  /** Errors with which streams were closed */
  failures: Error[]
  /** Events that were played */
  steps: number
}

const authors = new Map<number, Promise<Person>>()
const histories = new Map<number, Promise<Entry[]>>()

/** Keys are costly to make, and the same author can live in many scenarios */
async function authorWith (devices: number): Promise<Person> {
  const known = authors.get(devices) ?? person('simulated author', devices)

  authors.set(devices, known)

  return known
}

/** Signatures are costly as well */
async function historyOf (author: Person): Promise<Entry[]> {
  const known = histories.get(author.signers.length) ?? writeChain(author, 200, { signer: author.signers[1], text: 'history' })

  histories.set(author.signers.length, known)

  return known
}

class Play {
  readonly scenario: Scenario
  readonly author: Person
  readonly random: SeededRandom
  readonly time = new VirtualTime()
  readonly network: SimulatedNetwork
  readonly acked: Entry[] = []
  private readonly wanted: Array<[SimulatedPeer, SimulatedPeer]> = []
  private copy?: SimulatedPeer
  record: SignedRecord

  constructor (scenario: Scenario, author: Person) {
    this.scenario = scenario
    this.author = author
    this.record = author.record
    this.random = new SeededRandom(scenario.seed)
    this.network = new SimulatedNetwork(this.time, this.random, scenario.latency)
  }

  async run (): Promise<number> {
    await this.setUp()
    this.plan()

    let steps = 0

    while (await this.time.step()) {
      await this.network.settled()
      steps++
    }

    return steps
  }

  private async setUp (): Promise<void> {
    const { devices, readers, fork } = this.scenario

    for (let i = 0; i < devices; i++) {
      await this.network.add(`device ${i}`).log.putRecord(this.record)
    }

    for (let i = 0; i < readers; i++) {
      this.network.add(`reader ${i}`)
    }

    if (fork != null) {
      this.copy = this.network.add(`copy of device ${fork.device}`)
    }

    const { peers } = this.network

    await this.spreadHistory(peers)

    for (let i = 1; i < peers.length; i++) {
      this.wanted.push([peers[i], peers[this.random.between(0, i - 1)]])

      if (this.random.chance(0.4)) {
        this.wanted.push([peers[this.random.between(0, i - 1)], peers[i]])
      }
    }
  }

  /** The writer, and a copy of it, hold all; the others stretches with gaps */
  private async spreadHistory (peers: SimulatedPeer[]): Promise<void> {
    const { author, random, scenario } = this
    const history = scenario.history === 0 ? [] : (await historyOf(author)).slice(0, scenario.history).reverse()

    for (const [i, peer] of peers.entries()) {
      if (history.length === 0) {
        break
      }

      await peer.log.putRecord(this.record)

      if (i === 1 || peer === this.copy) {
        await peer.log.ingest(author.space, history)
      } else {
        for (let stretches = random.between(0, 4); stretches > 0; stretches--) {
          const at = random.between(0, history.length - 1)

          await peer.log.ingest(author.space, history.slice(at, at + random.between(1, 40)))
        }
      }
    }
  }

  private plan (): void {
    const { scenario, time, random, network } = this

    for (let at = 0; at < scenario.duration; at += 700) {
      time.after(at, () => { this.reconnect() })
    }

    for (let i = 0; i < scenario.posts; i++) {
      const writer = random.between(0, scenario.devices - 1)

      time.after(random.between(0, scenario.duration), async () => this.post(network.peers[writer], writer))
    }

    if (scenario.fork != null) {
      this.planFork(scenario.fork)
    }

    for (let i = 0; i < scenario.breaks; i++) {
      time.after(random.between(0, scenario.duration), () => { network.breakOne() })
    }

    for (const { at, until, second } of scenario.partitions) {
      time.after(at, () => { network.partition(second.map(i => network.peers[i])) })
      time.after(until, () => { network.partition([]) })
    }

    for (const { at, peer } of scenario.restarts) {
      time.after(at, () => {
        network.breakAll(network.peers[peer])
        network.peers[peer].restart()
      })
    }

    for (const { at, device } of scenario.closures) {
      time.after(at, async () => this.closeDevice(device))
    }

    time.after(scenario.duration + 10_000, () => {
      network.partition([])
      this.reconnect()
    })
  }

  private planFork ({ at, device }: NonNullable<Scenario['fork']>): void {
    const { copy, network, random, time } = this

    if (copy == null) {
      return
    }

    time.after(at, async () => {
      // at the same moment, so that both go on from the same entry
      await this.post(network.peers[device], device)
      await this.post(copy, device)
    })

    for (let i = random.between(0, 6); i > 0; i--) {
      time.after(at + random.between(1, 5_000), async () => this.post(copy, device))
    }
  }

  private reconnect (): void {
    for (const [a, b] of this.wanted) {
      // now and then both sides open a stream
      if (!this.network.isConnected(a, b) || this.random.chance(0.02)) {
        this.network.connect(a, b, [this.author.space])
      }
    }
  }

  /** A post mostly, now and then a change or the deletion of an earlier one */
  private payload (text: string): Uint8Array {
    const { acked, random } = this
    const of = acked.length === 0 ? undefined : acked[random.between(0, acked.length - 1)].id
    const kind = random.next()
    const salt = { bytes: (length: number) => sha256(new TextEncoder().encode(text)).subarray(0, length) }

    if (of == null || kind > 0.25) {
      return payloadOf(text)
    }

    return encodePayload(kind > 0.1 ? { kind: 'edit', of, after: [], text } : { kind: 'tombstone', of }, salt)
  }

  private async post (peer: SimulatedPeer, device: number): Promise<void> {
    const { author, random } = this
    const known = await peer.log.record(author.identity)
    const payload = this.payload(`${peer.name} ${this.time.now()} ${random.next()}`)

    try {
      const entry = await peer.log.append(author.signers[device], {
        space: author.space,
        identity: author.identity,
        rec: known?.record.seq ?? 0,
        payload,
        time: this.time.now()
      })

      this.acked.push(entry)
      this.hint(entry)
    } catch (err) {
      if (!(err instanceof Error) || !['ForkedChainError', 'NotAWriterError'].includes(err.name)) {
        throw err
      }
      // a device that learned of its fork or closure writes no more
    }
  }

  private hint (entry: Entry): void {
    const { chance, twice } = this.scenario.hints

    for (const peer of this.network.peers) {
      const once = this.random.chance(chance)

      for (let times = once && this.random.chance(twice) ? 2 : Number(once); times > 0; times--) {
        this.time.after(this.network.delay(), async () => { await peer.log.ingest(this.author.space, [entry]) })
      }
    }
  }

  private async closeDevice (device: number): Promise<void> {
    const { author, network: { peers: [issuer] }, random } = this
    const signer = author.signers[device]
    const head = (await issuer.log.chain(author.chain(signer)))?.head
    const cutSeq = head == null || random.chance(0.7) ? head?.seq ?? 0 : random.between(0, head.seq)
    const cut = head == null ? undefined : await issuer.log.get(author.chain(signer), cutSeq)

    this.record = await recordOf(author.root, author.signers.filter(other => other !== signer), this.record, [
      { device: deviceId(signer.publicKey), cut: cut?.id ?? null }
    ])
    await issuer.log.putRecord(this.record)
  }
}

/** Plays a scenario to its end */
export async function simulate (scenario: Scenario): Promise<Outcome> {
  const author = await authorWith(scenario.devices)
  const play = new Play(scenario, author)
  const steps = await play.run()

  return { author, peers: play.network.peers, acked: play.acked, record: play.record, failures: play.network.failures(), steps }
}

/** The entries of a space that count for whoever keeps this log, in the order of their chains */
export async function countingEntries (log: Log, space: Person['space']): Promise<Entry[]> {
  const out: Entry[] = []
  const chains = (await log.chains(space)).sort((a, b) => a.device < b.device ? -1 : 1)

  for (const chain of chains) {
    for await (const entry of log.read(chain)) {
      if (await log.counts(entry)) {
        out.push(entry)
      }
    }
  }

  return out
}
