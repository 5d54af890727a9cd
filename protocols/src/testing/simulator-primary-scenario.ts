/** What happens to a person's devices in one simulated history, as data. */
import { SeededRandom } from './simulator-random.ts'

/** The device that holds the root; it is never closed */
export const ROOT = 0

/** Devices are places in the list; `primary` is whoever is primary at that time */
export type Trouble =
  /** Dies without a word, and starts again later */
  | { what: 'crash' | 'stop' | 'sleep', at: number, device: number | 'primary', until: number }
  | { what: 'partition', at: number, second: number[], until: number }
  /** So many of a hundred beats are lost. That they overtake each other happens at all times */
  | { what: 'loss', at: number, percent: number, until: number }
  /** Orders do not reach anybody else: whoever is connected still agrees on somebody */
  | { what: 'stuck', at: number, until: number }
  | { what: 'order', at: number, device: number, order: number[], fixed?: number }
  /** `knows`: the closed device learns of it; otherwise it goes on as if nothing were */
  | { what: 'close', at: number, device: number, knows: boolean }

export interface PrimaryScenario {
  seed: number
  /** Whether each device is a home node */
  homes: boolean[]
  /** Pairs that can connect: everybody with everybody, or not */
  pairs: Array<[number, number]>
  latency: { min: number, max: number }
  troubles: Trouble[]
  /** Things that the primary has to do, and the device that hears of each first */
  requests: Array<{ at: number, device: number }>
  duration: number
}

function pairsOf (count: number, random: SeededRandom): Array<[number, number]> {
  const isMesh = random.chance(0.6)
  const pairs: Array<[number, number]> = []

  for (let b = 1; b < count; b++) {
    const via = random.between(0, b - 1)

    for (let a = 0; a < b; a++) {
      if (isMesh || a === via || random.chance(0.2)) {
        pairs.push([a, b])
      }
    }
  }

  return pairs
}

function orderAt (at: number, count: number, random: SeededRandom): Trouble {
  const all = Array.from({ length: count }, (_, i) => i)
  const order = all.map(i => ({ i, at: random.next() })).sort((a, b) => a.at - b.at).map(({ i }) => i).slice(0, random.between(1, count))

  return { what: 'order', at, device: random.pick(all), order, ...(random.chance(0.3) ? { fixed: random.pick(all) } : {}) }
}

/** Everybody chooses another order, and nobody hears of the others' */
function stuckAt (at: number, count: number, random: SeededRandom): Trouble[] {
  return [{ what: 'stuck', at, until: at + 60_000 }, ...Array.from({ length: count }, () => orderAt(at + random.between(1, 5_000), count, random))]
}

function troubleAt (at: number, until: number, count: number, random: SeededRandom): Trouble {
  const device = random.between(0, count - 1)
  const some = (): number[] => Array.from({ length: count }, (_, i) => i).filter(() => random.chance(0.5))

  switch (random.between(0, 9)) {
    case 0:
      return { what: 'stop', at, device: random.chance(0.6) ? 'primary' : device, until }
    case 1:
    case 2:
      return { what: 'sleep', at, device: random.chance(0.6) ? 'primary' : device, until }
    case 3:
    case 4:
      return { what: 'partition', at, second: some(), until }
    case 5:
      return { what: 'loss', at, percent: random.between(20, 80), until: Math.min(until, at + 20_000) }
    case 6:
      return orderAt(at, count, random)
    case 7:
      return device === ROOT || random.chance(0.5) ? { what: 'crash', at, device, until } : { what: 'close', at, device, knows: random.chance(0.5) }
    default:
      return { what: 'crash', at, device: random.chance(0.8) ? 'primary' : device, until }
  }
}

/** A scenario with some of everything */
export function primaryScenarioOf (seed: number): PrimaryScenario {
  const random = new SeededRandom(seed)
  const count = random.between(2, 5)
  const troubles: Trouble[] = []
  let at = 40_000

  for (let bursts = random.between(3, 6); bursts > 0; bursts--) {
    if (random.chance(0.15)) {
      troubles.push(...stuckAt(at, count, random))
    }

    for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
      troubles.push(troubleAt(at + random.between(0, 8_000), at + random.between(8_000, 90_000), count, random))
    }

    at += random.between(20_000, 60_000)
  }

  return {
    seed,
    homes: Array.from({ length: count }, () => random.chance(0.3)),
    pairs: pairsOf(count, random),
    latency: { min: 1, max: random.pick([5, 100, 800]) },
    troubles,
    requests: Array.from({ length: random.between(3, 12) }, () => ({ at: random.between(0, at), device: random.between(0, count - 1) })),
    duration: at + 100_000
  }
}
