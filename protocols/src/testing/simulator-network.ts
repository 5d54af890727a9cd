/** Peers with the real log and the real sync, joined by pipes that are slow, break, and never hand over half a frame twice. */
import { createLog } from '../log/index.ts'
import { feedSessions } from '../sync/feed.ts'
import { Session } from '../sync/session.ts'
import { Partition } from './simulator-partition.ts'
import { SeededRandom } from './simulator-random.ts'
import { crashableStore } from './simulator-store.ts'
import type { SpaceId } from '../ids.ts'
import type { CrashableStore } from './simulator-store.ts'
import type { VirtualTime } from './simulator-time.ts'
import type { Log } from '../log/index.ts'

export interface Latency {
  /** Milliseconds */
  min: number
  max: number
}

export class SimulatedPeer {
  readonly name: string
  log: Log
  private store: CrashableStore = crashableStore()
  private stopFeed: () => void
  private readonly time: VirtualTime
  /** Sessions of streams that are open */
  readonly sessions = new Set<Session>()

  constructor (name: string, time: VirtualTime) {
    this.name = name
    this.time = time
    this.log = createLog({ store: this.store, clock: time })
    this.stopFeed = feedSessions(this.log, () => [...this.sessions])
  }

  /** The power fails and comes back: what was not durable is gone */
  restart (): void {
    this.stopFeed()
    this.store = this.store.crash()
    this.log = createLog({ store: this.store, clock: this.time })
    this.stopFeed = feedSessions(this.log, () => [...this.sessions])
  }
}

/** One stream between two peers */
interface Link {
  ends: [SimulatedPeer, SimulatedPeer]
  sessions: [Session, Session]
  isOpen: boolean
}

export class SimulatedNetwork {
  readonly peers: SimulatedPeer[] = []
  private readonly links = new Set<Link>()
  private readonly time: VirtualTime
  private readonly random: SeededRandom
  private readonly latency: Latency
  private readonly errors: Error[] = []
  private lanes = 0
  private readonly parts = new Partition()

  constructor (time: VirtualTime, random: SeededRandom, latency: Latency) {
    this.time = time
    this.random = random
    this.latency = latency
  }

  add (name: string): SimulatedPeer {
    const peer = new SimulatedPeer(name, this.time)

    this.peers.push(peer)

    return peer
  }

  delay (): number {
    return this.random.between(this.latency.min, this.latency.max)
  }

  /** Errors with which sessions ended: honest peers cause none */
  failures (): Error[] {
    return this.errors
  }

  canReach (a: SimulatedPeer, b: SimulatedPeer): boolean {
    return this.parts.canReach(a.name, b.name)
  }

  /** Opens a stream and these spaces on it, if the peers can reach each other */
  connect (a: SimulatedPeer, b: SimulatedPeer, spaces: SpaceId[]): void {
    if (!this.canReach(a, b)) {
      return
    }

    const link: Link = { ends: [a, b], sessions: [this.session(a, 0, () => link), this.session(b, 1, () => link)], isOpen: true }

    this.links.add(link)
    a.sessions.add(link.sessions[0])
    b.sessions.add(link.sessions[1])
    spaces.forEach(space => { link.sessions[0].open(space, false) })
  }

  isConnected (a: SimulatedPeer, b: SimulatedPeer): boolean {
    return [...this.links].some(({ ends }) => ends.includes(a) && ends.includes(b))
  }

  /** Breaks a stream: what is on the way is lost */
  breakOne (): void {
    const open = [...this.links]

    if (open.length > 0) {
      this.break(this.random.pick(open))
    }
  }

  breakAll (peer?: SimulatedPeer): void {
    for (const link of [...this.links]) {
      if (peer == null || link.ends.includes(peer)) {
        this.break(link)
      }
    }
  }

  /** Cuts the network in two, or heals it */
  partition (second: SimulatedPeer[]): void {
    this.parts.cut(second.map(({ name }) => name))

    for (const link of [...this.links]) {
      if (!this.canReach(...link.ends)) {
        this.break(link)
      }
    }
  }

  /** Waits until nobody is dealing with anything any more */
  async settled (): Promise<void> {
    let busy = this.busy()

    while (busy.length > 0) {
      await Promise.all(busy.map(async session => session.settled()))
      busy = this.busy()
    }
  }

  private busy (): Session[] {
    return this.peers.flatMap(({ sessions }) => [...sessions].filter(({ isBusy }) => isBusy))
  }

  private break (link: Link): void {
    link.isOpen = false
    this.links.delete(link)
    link.sessions.forEach((session, i) => {
      session.end()
      link.ends[i].sessions.delete(session)
    })
  }

  private session (peer: SimulatedPeer, end: 0 | 1, link: () => Link): Session {
    // verification runs on other threads, so sessions take turns in any order: each has its own lane and its own chance
    const lane = ++this.lanes
    const random = new SeededRandom(this.random.between(0, 2 ** 32 - 1))
    // a stream keeps its order, whatever the latency
    let arrival = 0

    return new Session({
      log: peer.log,
      clock: this.time,
      admits: () => true,
      notify: () => {},
      onReceipt: () => {},
      pipe: {
        send: async frame => {
          const at = Math.max(arrival, this.time.now() + random.between(this.latency.min, this.latency.max))
          const { isOpen, sessions } = link()

          if (isOpen) {
            arrival = at
            this.time.after(at - this.time.now(), () => {
              if (link().isOpen) {
                sessions[1 - end].receive(frame)
              }
            }, lane)
          }
        },
        close: error => {
          if (error != null) {
            this.errors.push(error)
          }

          if (link().isOpen) {
            this.break(link())
          }
        }
      }
    })
  }
}
