/**
 * What of a chain's incoming entries is authentic and fits to what is held. Reads nothing and writes nothing itself: it is told what is
 * held and says what to add. Rules: specs/log.md [LG20] to [LG34].
 */
import { MAX_SYNC_RANGES, SIGNATURE_INTERVAL } from '../limits.ts'
import { insertSegment, neighbours } from './held.ts'
import { rangeOf } from './ranges.ts'
import type { EntryId } from '../ids.ts'
import type { Entry } from './entry.ts'
import type { Held } from './held.ts'

export type Refusal = 'unlinked' | 'unknown-device' | 'closed' | 'bad-signature' | 'wrong-space' | 'fork' | 'too-many-chains'

/** What the author's newest record says of the device, and how new it is */
export type Standing =
  | { status: 'unknown' }
  | { status: 'open', rec: number }
  | { status: 'closed', rec: number, cut: EntryId | null }
  /** Closed, in a space of which only those who read it can tell what counts */
  | { status: 'ended', rec: number }

export interface Taken {
  /** To be added, in the order given */
  added: Entry[]
  /** Held already, by number */
  present: Entry[]
  refused: Array<{ entry: Entry, reason: Refusal }>
}

/** Why an entry is out of the question, whatever it links to */
function outOfPlace (entry: Entry, held: Held, standing: Standing, cutSeq: number | undefined): Refusal | undefined {
  const { rec, seq } = entry.header

  if (standing.status === 'unknown' || rec > standing.rec) {
    return 'unknown-device'
  }

  if (standing.status === 'closed') {
    if (standing.cut == null || (cutSeq != null && seq > cutSeq)) {
      return 'closed'
    }

    if (cutSeq != null) {
      return cutSeq === seq && entry.id !== standing.cut ? 'fork' : undefined
    }
  }

  return held.fork != null && seq >= held.fork ? 'fork' : undefined
}

/** Entries that link to each other without a gap, highest first */
type Run = Entry[]

/**
 * Sorts the entries of one chain and adds the good ones to `held`.
 *
 * @param held - is changed
 * @param standing - of the chain's device
 * @param entries - of one chain
 * @param verify - whether an entry's own signature is good
 * @param interval - numbers at which it has to be, whoever vouches for the entry: every multiple of this
 */
export async function takeEntries (held: Held, standing: Standing, entries: Entry[], verify: (entry: Entry) => Promise<boolean>, interval: number = SIGNATURE_INTERVAL): Promise<Taken> {
  const taken: Taken = { added: [], present: [], refused: [] }
  const refuse = (entry: Entry, reason: Refusal): void => { taken.refused.push({ entry, reason }) }
  const descending = isDescending(entries) ? entries : [...entries].sort((a, b) => b.header.seq - a.header.seq)
  const arriving = standing.status === 'closed' && standing.cut != null && held.cut == null
    ? descending.find(({ id }) => id === standing.cut)
    : undefined
  const cutSeq = held.cut?.seq ?? arriving?.header.seq
  const candidates: Entry[] = []

  for (const entry of descending) {
    const reason = outOfPlace(entry, held, standing, cutSeq)

    if (reason != null) {
      refuse(entry, reason)
    } else if (rangeOf(held.segments, entry.header.seq) != null || candidates[candidates.length - 1]?.id === entry.id) {
      taken.present.push(entry)
    } else {
      candidates.push(entry)
    }
  }

  const verdicts = await checkSignatures(held, candidates, verify, interval)
  const runs: Run[] = []
  let run: Run | undefined

  for (const entry of candidates) {
    const { seq } = entry.header
    const above = run?.[run.length - 1]
    const upper = above == null || above.header.seq !== seq + 1 ? neighbours(held, seq, seq).upper : undefined
    const named = above != null && above.header.seq === seq + 1 ? above.header.prev : upper?.below
    const linked = named === entry.id
    let signed = verdicts.get(entry)

    if (signed == null && !linked) {
      // whoever was to vouch for it turned out not to be good
      signed = await verify(entry)
    }

    if (signed === false) {
      refuse(entry, 'bad-signature')
    } else if (named != null && !linked) {
      refuse(entry, 'fork')
    } else if (!linked && held.fork != null && seq >= held.fork && entry.id !== held.cut?.id && entry !== arriving) {
      // past a fork only a link from the cut tells the branch that counts
      refuse(entry, 'unlinked')
    } else if (linked && above != null && above.header.seq === seq + 1) {
      run?.push(entry)
    } else {
      run = [entry]
      runs.push(run)
    }
  }

  for (const found of runs) {
    join(held, found, taken)
  }

  return taken
}

function isDescending (entries: Entry[]): boolean {
  for (let i = 1; i < entries.length; i++) {
    if (entries[i].header.seq > entries[i - 1].header.seq) {
      return false
    }
  }

  return true
}

/** Checks, all at once, the signatures of those that nobody vouches for and of those whose turn it is */
async function checkSignatures (held: Held, descending: Entry[], verify: (entry: Entry) => Promise<boolean>, interval: number): Promise<Map<Entry, boolean>> {
  const due: Entry[] = []

  for (let i = 0; i < descending.length; i++) {
    const entry = descending[i]
    const { seq } = entry.header
    const above = descending[i - 1]
    const named = above?.header.seq === seq + 1 ? above.header.prev : neighbours(held, seq, seq).upper?.below

    if (named !== entry.id || seq % interval === 0) {
      due.push(entry)
    }
  }

  const results = await Promise.all(due.map(verify))

  return new Map(due.map((entry, i) => [entry, results[i]]))
}

/** Adds a run unless what lies below it is not what it names */
function join (held: Held, run: Run, taken: Taken): void {
  const top = run[0]
  const bottom = run[run.length - 1]
  const { lower, upper } = neighbours(held, bottom.header.seq, top.header.seq)
  const refuseAll = (reason: Refusal): void => { run.forEach(entry => { taken.refused.push({ entry, reason }) }) }

  const overlaps = held.segments.some(({ from, to }) => from <= top.header.seq && to >= bottom.header.seq)

  if (overlaps || (lower != null && lower.top !== bottom.header.prev)) {
    refuseAll('fork')
  } else if (lower == null && upper == null && held.segments.length >= MAX_SYNC_RANGES) {
    refuseAll('unlinked')
  } else {
    insertSegment(held, { from: bottom.header.seq, to: top.header.seq, below: bottom.header.prev, top: top.id })

    for (const entry of run) {
      taken.added.push(entry)
    }
  }
}
