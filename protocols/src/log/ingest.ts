/** Entries from outside, chain by chain: what is taken, what is written. Rules: specs/log.md [LG20] to [LG34]. */
import { MAX_CHAINS_PER_SPACE } from '../limits.ts'
import { chainName } from './chains.ts'
import { truncate } from './cut.ts'
import { decodeEntry, encodeEntry, idOfStored, readParts, verifyEntry } from './entry.ts'
import { chainPrefix, seqKey } from './keys.ts'
import { takeEntries } from './take.ts'
import type { SpaceId } from '../ids.ts'
import type { Store, StoreOp } from '../interface.ts'
import type { Chains, HeldChain, SpaceChains } from './chains.ts'
import type { ChainKey, Entry } from './entry.ts'
import type { Held } from './held.ts'
import type { IngestResult, LogInit } from './index.ts'
import type { Records } from './records.ts'
import type { Standing, Taken } from './take.ts'

export interface IngestComponents {
  store: Store
  chains: Chains
  records: Records
  mayWrite: NonNullable<LogInit['mayWrite']>
  /** Numbers at which an entry's own signature is checked: every multiple of this; @default 64 */
  signatureInterval?: number
}

/** What one call adds up to, before it is written */
export interface Intake {
  result: IngestResult
  ops: StoreOp[]
  changed: HeldChain[]
  /** Chains of which other entries than the added ones may count now */
  recount: Array<{ chain: ChainKey, views: boolean }>
}

/** By chain, in the order of arrival */
function byChain (entries: Entry[]): Entry[][] {
  const groups = new Map<string, Entry[]>()
  let last: Entry[] | undefined

  for (const entry of entries) {
    const before = last?.[0].header

    if (last == null || before?.device !== entry.header.device || before.identity !== entry.header.identity) {
      const name = chainName(entry.header)

      last = groups.get(name)

      if (last == null) {
        last = []
        groups.set(name, last)
      }
    }

    last.push(entry)
  }

  return [...groups.values()]
}

export async function planIntake (components: IngestComponents, space: SpaceId, chains: SpaceChains, entries: Entry[]): Promise<Intake> {
  const intake: Intake = { result: { added: [], known: 0, refused: [] }, ops: [], changed: [], recount: [] }
  let chainCount = chains.size

  for (const group of byChain(entries)) {
    const { identity, device } = group[0].header
    const key: ChainKey = { space, identity, device }
    const before = chains.get(chainName(key))
    const inSpace = components.mayWrite(space, identity) ? group.filter(({ header }) => header.space === space) : []

    if (inSpace.length < group.length) {
      refuse(intake, group.filter(entry => !inSpace.includes(entry)), 'wrong-space')
    }

    if (inSpace.length === 0) {
      continue
    }

    if (before == null && chainCount >= MAX_CHAINS_PER_SPACE) {
      refuse(intake, inSpace, 'too-many-chains')
      continue
    }

    await takeChain(components, intake, key, before?.held, inSpace)
    chainCount += before == null ? 1 : 0
  }

  return intake
}

function refuse (intake: Intake, entries: Entry[], reason: IngestResult['refused'][number]['reason']): void {
  for (const entry of entries) {
    intake.result.refused.push({ entry, reason })
  }
}

async function takeChain (components: IngestComponents, intake: Intake, key: ChainKey, before: Readonly<Held> | undefined, entries: Entry[]): Promise<void> {
  const prefix = chainPrefix('entry', key)
  const standing = await components.records.standing(key)
  const held: Held = before == null ? { segments: [] } : { ...before }
  const arriving = await findArrivingCut(held, standing, entries)

  if (arriving != null) {
    // what lies past the split, or above the cut, can no longer count
    intake.ops.push(...await truncate(components.store, prefix, held, held.fork ?? arriving.header.seq + 1))
  }

  const taken = await takeEntries(held, standing, entries, verifyEntry, components.signatureInterval)

  if (arriving != null && taken.added.includes(arriving)) {
    held.cut = { seq: arriving.header.seq, id: arriving.id }
  }

  await sortPresent(components.store, intake, key, taken)

  for (const entry of taken.added) {
    intake.ops.push({ type: 'put', key: seqKey(prefix, entry.header.seq), value: encodeEntry(entry) })
    intake.result.added.push(entry)
  }

  for (const refusal of taken.refused) {
    intake.result.refused.push(refusal)
  }

  if (taken.added.length > 0 || arriving != null) {
    intake.ops.push(components.chains.op(key, held))
    intake.changed.push({ key, held })

    if (standing.status === 'closed') {
      intake.recount.push({ chain: key, views: arriving != null })
    }
  }
}

async function findArrivingCut (held: Held, standing: Standing, entries: Entry[]): Promise<Entry | undefined> {
  if (standing.status !== 'closed' || standing.cut == null || held.cut != null) {
    return undefined
  }

  const found = entries.find(({ id }) => id === standing.cut)

  return found != null && await verifyEntry(found) ? found : undefined
}

/** Tells the same from a second entry at the same place, and takes payloads that were missing */
async function sortPresent (store: Store, intake: Intake, key: ChainKey, taken: Taken): Promise<void> {
  if (taken.present.length === 0) {
    return
  }

  const prefix = chainPrefix('entry', key)
  const dropped = chainPrefix('dropped', key)
  const stored = await store.getMany(taken.present.map(({ header }) => seqKey(prefix, header.seq)))

  for (const [i, entry] of taken.present.entries()) {
    const bytes = stored[i]

    // not written yet: the same entry came twice in one call
    if (bytes == null || idOfStored(bytes) === entry.id) {
      if (bytes != null && entry.payload != null && readParts(bytes).payload == null && await store.get(seqKey(dropped, entry.header.seq)) == null) {
        const completed = { ...decodeEntry(bytes), payload: entry.payload }

        intake.ops.push({ type: 'put', key: seqKey(prefix, entry.header.seq), value: encodeEntry(completed) })
        intake.result.added.push(completed)
      } else {
        intake.result.known++
      }
    } else {
      intake.result.refused.push({ entry, reason: await verifyEntry(entry) ? 'fork' : 'bad-signature' })
    }
  }
}
