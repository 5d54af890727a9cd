import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { deviceId } from '../../src/ids.ts'
import { systemClock } from '../../src/interface.ts'
import { MAX_FORK_PATH, MAX_FORK_PROOF_BYTES } from '../../src/limits.ts'
import { createLog, decodeForkProof, makeForkProof } from '../../src/log/index.ts'
import { payloadOf, person, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import { countingEntries } from '../../src/testing/simulator.ts'
import type { EntryId } from '../../src/ids.ts'
import type { Branch, Entry, Log } from '../../src/log/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

/** Entries from the top down to the split */
function branchOf (entries: Entry[], signed: Entry = entries[entries.length - 1]): Branch {
  return { headers: [...entries].reverse().map(({ headerBytes }) => headerBytes), signature: signed.signature }
}

describe('forks and closed devices', () => {
  let anna: Person
  let log: Log
  /** Five entries that both branches share, then three of each */
  let shared: Entry[]
  let left: Entry[]
  let right: Entry[]

  before(async () => {
    anna = await person('anna', 2)
    shared = await writeChain(anna, 5)
    left = await writeChain(anna, 3, { after: shared[4], text: 'left' })
    right = await writeChain(anna, 3, { after: shared[4], text: 'right' })
  })

  beforeEach(async () => {
    log = createLog({ store: crashableStore(), clock: systemClock })
    await log.putRecord(anna.record)
  })

  async function counting (): Promise<string[]> {
    return (await countingEntries(log, anna.space)).map(({ id }) => id)
  }

  function ids (...groups: Entry[][]): string[] {
    return groups.flat().map(({ id }) => id)
  }

  async function close (cut: EntryId | null): Promise<void> {
    const device = deviceId(anna.signers[0].publicKey)

    await log.putRecord(await recordOf(anna.root, [anna.signers[1]], anna.record, [{ device, cut }]))
  }

  async function ingest (...groups: Entry[][]): Promise<string[]> {
    return (await log.ingest(anna.space, groups.flat().reverse())).refused.map(({ reason }) => reason)
  }

  describe('proofs', () => {
    it('[LG40] show both sides down to the split, and read back the same', async () => {
      const proof = await makeForkProof(branchOf(left), branchOf(right.slice(0, 1)))

      expect(proof).to.include({ seq: 5 })
      expect(proof.chain).to.deep.equal(anna.chain())
      expect(await decodeForkProof(proof.bytes)).to.deep.equal(proof)
      expect((await makeForkProof(branchOf(right.slice(0, 1)), branchOf(left))).bytes).to.deep.equal(proof.bytes)
    })

    it('[LG41] need only the first header of a side to be signed', async () => {
      const spoilt = { ...left[0], signature: new Uint8Array(64) }

      await makeForkProof(branchOf([spoilt, ...left.slice(1)]), branchOf(right))
      await expect(makeForkProof(branchOf([spoilt]), branchOf(right))).to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
    })

    it('[LG42] are refused when the sides are the same, not linked, empty, or do not meet', async () => {
      for (const [a, b] of [
        [branchOf(left), branchOf(left)],
        [branchOf(left), branchOf(right.slice(1))],
        [branchOf(left), { headers: [], signature: left[0].signature }],
        [branchOf([left[0], left[2]]), branchOf(right)],
        [branchOf(left.slice(1, 2)), branchOf(right.slice(1, 2))]
      ]) {
        await expect(makeForkProof(a, b)).to.eventually.be.rejected.with.property('name', 'MalformedError')
      }
    })

    it('[LG43] are refused past the limits of length', async () => {
      const long = await writeChain(anna, MAX_FORK_PATH + 1, { after: shared[4], text: 'long' })
      const proof = await makeForkProof(branchOf(long.slice(0, MAX_FORK_PATH)), branchOf(right))

      expect((await decodeForkProof(proof.bytes)).seq).to.equal(5)

      const { bytes } = await makeForkProof(branchOf(long), branchOf(right))

      await expect(decodeForkProof(bytes)).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
      await expect(decodeForkProof(encode(new Uint8Array(MAX_FORK_PROOF_BYTES)))).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    })

    it('[LG44] of devices that nobody lists are not kept', async () => {
      const empty = createLog({ store: crashableStore(), clock: systemClock })

      expect(await empty.addForkProof((await makeForkProof(branchOf(left), branchOf(right))).bytes)).to.equal(false)
    })
  })

  async function fork (): Promise<void> {
    await log.addForkProof((await makeForkProof(branchOf(left), branchOf(right))).bytes)
  }

  it('[LG33] a second entry at a place is refused as a fork, from above, below and in between', async () => {
    await ingest(shared, left)
    expect(await ingest(right.slice(0, 1))).to.deep.equal(['fork'])
    expect(await ingest(right)).to.deep.equal(['fork', 'fork', 'fork'])

    const gap = createLog({ store: crashableStore(), clock: systemClock })

    await gap.putRecord(anna.record)
    await gap.ingest(anna.space, [left[2]])
    expect((await gap.ingest(anna.space, [right[1]])).refused[0].reason).to.equal('fork')
    expect((await gap.ingest(anna.space, [left[1]])).added).to.have.lengthOf(1)
  })

  it('[LG35] hides what stands at or above a split, and says so', async () => {
    const found: number[] = []

    log.addEventListener('fork:found', ({ detail }) => { found.push(detail.seq) })
    await ingest(shared, left)
    expect(await counting()).to.deep.equal(ids(shared, left))
    await fork()
    expect(await counting()).to.deep.equal(ids(shared))
    expect(found).to.deep.equal([5])
    expect((await log.chain(anna.chain()))?.fork).to.equal(5)
    expect((await log.views(anna.space))[0].ranges).to.deep.equal([{ from: 0, to: 4 }])
    expect(await log.forkProof(anna.chain())).to.be.an.instanceOf(Uint8Array)
    await expect(log.append(anna.signers[0], { space: anna.space, identity: anna.identity, rec: 0, payload: payloadOf('more'), time: 9 }))
      .to.eventually.be.rejected.with.property('name', 'ForkedChainError')
    expect(await log.addForkProof(await log.forkProof(anna.chain()) ?? new Uint8Array())).to.equal(false)
  })

  it('[LG36] takes nothing of a forked branch again', async () => {
    await ingest(shared)
    await fork()
    expect(await ingest(right)).to.deep.equal(['fork', 'fork', 'fork'])
    expect(await ingest(left)).to.deep.equal(['fork', 'fork', 'fork'])
  })

  it('[LG37] the lowest split counts', async () => {
    const lower = await writeChain(anna, 1, { after: shared[1], text: 'lower' })

    await ingest(shared, left)
    await fork()
    expect(await log.addForkProof((await makeForkProof(branchOf(shared.slice(2)), branchOf(lower))).bytes)).to.equal(true)
    expect(await counting()).to.deep.equal(ids(shared.slice(0, 2)))
    await fork()
    expect((await log.chain(anna.chain()))?.fork).to.equal(2)
  })

  it('[LG38] a cut shows its ancestors again, on the branch that was held', async () => {
    await ingest(shared, left)
    await fork()
    await close(left[1].id)
    expect(await counting()).to.deep.equal(ids(shared, left.slice(0, 2)))
  })

  it('[LG38] a cut on the other branch replaces what was held', async () => {
    await ingest(shared, left)
    await fork()
    await close(right[1].id)
    expect(await counting()).to.deep.equal([])
    expect(await ingest(right.slice(0, 1))).to.deep.equal(['fork'])
    expect(await ingest(right)).to.deep.equal(['closed'])
    expect(await counting()).to.deep.equal(ids(shared, right.slice(0, 2)))
  })

  it('[LG38] a split that is found after the cut drops the branch that lost', async () => {
    await ingest(shared, left.slice(0, 1))
    await log.ingest(anna.space, [right[2]])
    await close(right[2].id)
    expect(await ingest(right.slice(1, 2))).to.deep.equal(['fork'])
    await fork()
    expect(await ingest(right.slice(0, 2))).to.deep.equal([])
    expect(await counting()).to.deep.equal(ids(shared, right))
  })

  it('[LG39] without a cut nothing of a closed device counts, above a cut nothing either', async () => {
    const recounted: string[] = []

    log.addEventListener('counts:changed', ({ detail }) => { recounted.push(detail.chain.device) })
    await ingest(shared, left)
    await close(null)
    expect(await counting()).to.deep.equal([])
    expect(recounted).to.deep.equal([anna.chain().device])
    expect(await ingest(shared)).to.include('closed')
  })

  it('[LG39] while its cut is not there, entries of a closed device are kept and hidden', async () => {
    await ingest(shared)
    await close(left[2].id)
    expect(await counting()).to.deep.equal([])
    await ingest(left.slice(2))
    expect(await counting()).to.deep.equal(ids(left.slice(2)))
    await ingest(left.slice(0, 2))
    expect(await counting()).to.deep.equal(ids(shared, left))
  })

  it('[LG39] all of this is there again after a power cut', async () => {
    const store = crashableStore()

    log = createLog({ store, clock: systemClock })
    await log.putRecord(anna.record)
    await ingest(shared, left)
    await fork()
    await close(left[1].id)
    log = createLog({ store: store.crash(), clock: systemClock })
    expect(await counting()).to.deep.equal(ids(shared, left.slice(0, 2)))
  })
})
