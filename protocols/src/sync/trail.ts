/** Looking for the place where two peers' copies of a chain part. Rules: specs/sync.md [SY50] to [SY56]. */
import { MAX_TRAIL_POINTS } from './constants.ts'
import type { TrailPoint } from './frames.ts'
import type { ChainKey, Log } from '../log/index.ts'

/** Points of what is held of a chain between two places, both included, evenly spread */
export async function trailOf (log: Log, chain: ChainKey, from: number, to: number): Promise<TrailPoint[]> {
  const ranges = ((await log.chain(chain))?.ranges ?? [])
    .map(range => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
    .filter(range => range.from <= range.to)
  const count = ranges.reduce((sum, range) => sum + range.to - range.from + 1, 0)
  const wanted = Math.min(count, MAX_TRAIL_POINTS)
  const seqs: number[] = []
  let before = 0

  for (const range of ranges) {
    const length = range.to - range.from + 1

    while (seqs.length < wanted) {
      const place = wanted === 1 ? 0 : Math.round(seqs.length * (count - 1) / (wanted - 1))

      if (place >= before + length) {
        break
      }

      seqs.push(range.from + place - before)
    }

    before += length
  }

  const ids = await log.ids(chain, seqs)

  return seqs.flatMap((seq, i) => {
    const id = ids[i]

    return id == null ? [] : [{ seq, id }]
  })
}

/** Where, as far as these points tell, our copy of a chain parts from the one they are of */
export async function comparePoints (log: Log, chain: ChainKey, points: TrailPoint[]): Promise<{ same?: number, differs?: number }> {
  const ascending = [...points].sort((a, b) => a.seq - b.seq)
  const ids = await log.ids(chain, ascending.map(({ seq }) => seq))
  let same: number | undefined

  for (const [i, { seq, id }] of ascending.entries()) {
    if (ids[i] === id) {
      same = seq
    } else if (ids[i] != null) {
      return { differs: seq, ...(same == null ? {} : { same }) }
    }
  }

  return same == null ? {} : { same }
}
