/** What beats say about the other devices, judged by one's own monotonic clock alone. Rules: specs/primary.md [PR4] to [PR6], [PR11], [PR12]. */
import { MAX_REMEMBERED_BEATS, SUSPECT_MS } from './constants.ts'
import type { Beat, DeviceState, HeardBoot } from './beat.ts'
import type { DeviceId } from '../ids.ts'

/** A boot of another device that proved life */
interface Life {
  boot: string
  count: number
  state: DeviceState
  /** Time of the newest own beat that it named */
  since: number
  /** When it was heard last */
  at: number
}

/** A boot that has yet to prove life */
interface Candidate {
  boot: string
  count: number
  at: number
}

interface Other {
  life?: Life
  candidate?: Candidate
}

export interface Heard {
  /** News that proves life, or ends one that was proved: worth passing on */
  counts: boolean
  /** A boot not known before */
  isNewBoot: boolean
}

/** What was known before changes nothing */
const COPY: Heard = { counts: false, isNewBoot: false }

export class Others {
  readonly #device: DeviceId
  readonly #boot: string
  readonly #others = new Map<DeviceId, Other>()
  /** When own beats were made, by their count */
  readonly #sent = new Map<number, number>()

  constructor (device: DeviceId, boot: string) {
    this.#device = device
    this.#boot = boot
  }

  /** An own beat is made now */
  sent (count: number, now: number): void {
    this.#sent.set(count, now)
    this.#sent.delete(count - MAX_REMEMBERED_BEATS)
  }

  /** Of a device that counts */
  hear (beat: Beat, now: number): Heard {
    const other = this.#others.get(beat.device) ?? {}
    const proof = this.#proof(beat)

    this.#others.set(beat.device, other)

    if (other.life?.boot === beat.boot) {
      return this.#goOn(other.life, beat, now, proof)
    }

    if (proof == null || proof <= (other.life?.since ?? -Infinity) || now - proof >= SUSPECT_MS) {
      return this.#consider(other, beat, now)
    }

    other.life = { boot: beat.boot, count: beat.count, state: beat.state, since: proof, at: now }
    other.candidate = undefined

    return { counts: true, isNewBoot: true }
  }

  /** Only these devices count any longer */
  keep (devices: ReadonlySet<DeviceId>): void {
    for (const device of this.#others.keys()) {
      if (!devices.has(device)) {
        this.#others.delete(device)
      }
    }
  }

  isAlive (device: DeviceId, now: number): boolean {
    const life = this.#others.get(device)?.life

    return life != null && life.state !== 'leaves' && now - life.since < SUSPECT_MS
  }

  /** What it last said of itself, if it is alive */
  state (device: DeviceId, now: number): DeviceState | undefined {
    return this.isAlive(device, now) ? this.#others.get(device)?.life?.state : undefined
  }

  /** Whether it proved life from a time not before this one */
  wasHeardSince (device: DeviceId, time: number): boolean {
    return (this.#others.get(device)?.life?.since ?? -Infinity) >= time
  }

  /** When each device that is alive will no longer be, unless it is heard again */
  ends (now: number): number[] {
    return [...this.#others].flatMap(([device, { life }]) => life != null && this.isAlive(device, now) ? [life.since + SUSPECT_MS] : [])
  }

  /** What the next beat says it heard */
  heard (links: ReadonlySet<DeviceId>, now: number): HeardBoot[] {
    return [...this.#others].flatMap(([device, { life, candidate }]) => {
      // also of one that is not alive: it has to be named to prove that it is again
      const boots = [life?.state === 'leaves' ? undefined : life, candidate].filter(boot => boot != null && now - boot.at < SUSPECT_MS) as Candidate[]

      return boots.map(({ boot, count }) => ({ device, boot, count, linked: links.has(device) }))
    })
  }

  /** From when on it shows that the device lives; undefined: it does not */
  #proof ({ heard }: Beat): number | undefined {
    const named = heard.find(({ device, boot }) => device === this.#device && boot === this.#boot)

    return named == null ? undefined : this.#sent.get(named.count)
  }

  #goOn (life: Life, beat: Beat, now: number, proof?: number): Heard {
    if (beat.count <= life.count || life.state === 'leaves') {
      return COPY
    }

    life.count = beat.count
    life.state = beat.state
    life.at = now
    life.since = Math.max(life.since, proof ?? -Infinity)

    return { counts: proof != null || beat.state === 'leaves', isNewBoot: false }
  }

  #consider (other: Other, { boot, count }: Beat, now: number): Heard {
    const isNewBoot = other.candidate?.boot !== boot

    if (!isNewBoot && other.candidate != null && count <= other.candidate.count) {
      return COPY
    }

    other.candidate = { boot, count, at: now }

    return { counts: false, isNewBoot }
  }
}

/** The devices that whoever made this beat is connected to */
export function linkedOf ({ heard }: Beat): Set<DeviceId> {
  return new Set(heard.filter(({ linked }) => linked).map(({ device }) => device))
}
