import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { MAX_FORK_PROOF_BYTES, MAX_FORK_PATH, MAX_FRAME_BYTES, MAX_SYNC_CHAINS, MAX_SYNC_RANGES } from '../../src/limits.ts'
import { encodeEntry } from '../../src/log/index.ts'
import { MAX_RECEIPTS_PER_FRAME, MAX_RECORDS_PER_FRAME, MAX_SLICE_ENTRIES, MAX_TRAIL_POINTS } from '../../src/sync/constants.ts'
import { decodeEntriesFrame } from '../../src/sync/entries-frame.ts'
import { decodeFrame, encodeFrame, haveFrames } from '../../src/sync/frames.ts'
import { decodeReceipt, signReceipt } from '../../src/sync/receipt.ts'
import { FrameSplitter, withLength } from '../../src/sync/stream.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import { FUZZ_CASES, hostileBytes, survives } from '../log/fuzz.ts'
import type { ChainView, Entry } from '../../src/log/index.ts'
import type { Frame } from '../../src/sync/frames.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('frames of sync', function () {
  this.timeout(120_000)

  let anna: Person
  let entries: Entry[]
  let frames: Frame[]

  before(async () => {
    anna = await person('anna')
    entries = await writeChain(anna, 3)

    const { space } = anna
    const chain = anna.chain()
    const view: ChainView = { ...chain, ranges: [{ from: 0, to: 1 }, { from: 7, to: 9 }], head: { seq: 9, id: entries[2].id }, fork: 12 }
    const branch = { headers: [entries[2].headerBytes, entries[1].headerBytes], signature: entries[2].signature }

    frames = [
      { type: 'have', space, receipts: true, last: true, records: [{ identity: anna.identity, seq: 4, hash: new Uint8Array(32) }], chains: [view, { ...chain, ranges: [] }] },
      { type: 'refused', space },
      { type: 'close', space },
      { type: 'records', space, records: [anna.record.bytes] },
      { type: 'entries', space, entries: entries.map(entry => encodeEntry(entry)) },
      { type: 'caught-up', space },
      { type: 'receipts', space, receipts: [Uint8Array.of(1)] },
      { type: 'fork', space, proof: Uint8Array.of(1, 2) },
      { type: 'more', bytes: 262_144 },
      { type: 'trace', chain, from: 0, to: 300 },
      { type: 'trail', chain, points: [{ seq: 0, id: entries[0].id }] },
      { type: 'ask-branch', chain, seq: 3 },
      { type: 'branch', chain, branch }
    ]
  })

  it('[SY10] all read back as they were written', () => {
    for (const frame of frames) {
      expect(decodeFrame(encodeFrame(frame))).to.deep.equal(frame)
    }
  })

  it('[SY11] a type of a later version is ignored', () => {
    expect(decodeFrame(encode([99, 'anything']))).to.equal(undefined)
  })

  it('[SY12] anything else ends with a named error, soon', async () => {
    await survives(frames.map(encodeFrame), MAX_FRAME_BYTES, decodeFrame)
  })

  it('[SY13] the short way through entries accepts no more than the long way', () => {
    fc.assert(fc.property(hostileBytes([encodeFrame(frames[4])], MAX_FRAME_BYTES), bytes => {
      const frame = decodeEntriesFrame(bytes)

      if (frame != null) {
        expect(encodeFrame(frame)).to.deep.equal(bytes)
      }
    }), { numRuns: FUZZ_CASES })
  })

  it('[SY42] receipts: anything else ends with a named error, soon', async () => {
    const signer = await signerFromSeed(new Uint8Array(32).fill(9))
    const receipt = { chain: anna.chain(), seq: 2, head: entries[2].id, time: 1_700_000_000_000 }
    const bytes = await signReceipt(signer, receipt)

    expect(await decodeReceipt(bytes)).to.deep.equal({ ...receipt, by: signer.publicKey })
    await survives([bytes], 512, decodeReceipt)
  })

  it('[SY14] each list goes up to its limit and not one further', () => {
    const { space } = anna
    const chain = anna.chain()
    const one = Uint8Array.of(1)
    const id = entries[0].id
    const branch = { headers: [one], signature: new Uint8Array(64) }
    const view = (ranges: number): ChainView => ({
      ...chain,
      ranges: Array.from({ length: ranges }, (_, i) => ({ from: 2 * i, to: 2 * i })),
      head: { seq: 2 * (ranges - 1), id }
    })
    const empty: ChainView = { ...chain, ranges: [] }
    const have = (records: number, chains: ChainView[]): Frame => ({
      type: 'have', space, receipts: false, last: true, records: Array(records).fill({ identity: anna.identity, seq: 0, hash: new Uint8Array(32) }), chains
    })
    const cases: Array<[name: string, limit: number, make: (count: number) => Frame]> = [
      ['chains', MAX_SYNC_CHAINS, count => have(0, Array(count).fill(empty))],
      ['record marks', MAX_SYNC_CHAINS, count => have(count, [])],
      ['ranges', MAX_SYNC_RANGES, count => have(0, [view(count)])],
      ['records', MAX_RECORDS_PER_FRAME, count => ({ type: 'records', space, records: Array(count).fill(one) })],
      ['entries', MAX_SLICE_ENTRIES, count => ({ type: 'entries', space, entries: Array(count).fill(one) })],
      ['receipts', MAX_RECEIPTS_PER_FRAME, count => ({ type: 'receipts', space, receipts: Array(count).fill(one) })],
      ['points', MAX_TRAIL_POINTS, count => ({ type: 'trail', chain, points: Array(count).fill({ seq: 0, id }) })],
      ['headers', MAX_FORK_PATH, count => ({ type: 'branch', chain, branch: { ...branch, headers: Array(count).fill(one) } })]
    ]

    for (const [name, limit, make] of cases) {
      decodeFrame(encodeFrame(make(limit)))
      expect(() => decodeFrame(encodeFrame(make(limit + 1))), name).to.throw().with.property('name', 'LimitExceededError')
    }

    expect(() => decodeFrame(encodeFrame({ type: 'fork', space, proof: new Uint8Array(MAX_FORK_PROOF_BYTES + 1) }))).to.throw().with.property('name', 'MalformedError')
  })

  it('[SY15] what is had of a space goes into as many frames as it takes, each within its limits', () => {
    const views = Array.from({ length: 2_000 }, (_, i): ChainView => ({
      ...anna.chain(),
      ranges: Array.from({ length: i % MAX_SYNC_RANGES }, (_, j) => ({ from: 2 ** 40 + 3 * j, to: 2 ** 40 + 3 * j + 1 })),
      ...(i % MAX_SYNC_RANGES === 0 ? {} : { head: { seq: 2 ** 40 + 3 * (i % MAX_SYNC_RANGES - 1) + 1, id: entries[0].id } })
    }))
    const parts = [...haveFrames(anna.space, false, [], views)]
    const read = parts.map(part => decodeFrame(encodeFrame(part)))

    expect(read.flatMap(part => part?.type === 'have' ? part.chains : [])).to.deep.equal(views)
    expect(read.map(part => part?.type === 'have' && part.last)).to.deep.equal([...parts.slice(1).map(() => false), true])
  })

  it(`[SY16] a frame has at most ${MAX_FRAME_BYTES} bytes; its length stands before it in the shortest form`, () => {
    const longest = new Uint8Array(MAX_FRAME_BYTES)

    expect(new FrameSplitter().push(withLength(longest))).to.deep.equal([longest])
    expect(() => new FrameSplitter().push(withLength(new Uint8Array(MAX_FRAME_BYTES + 1)))).to.throw().with.property('name', 'LimitExceededError')
    expect(() => new FrameSplitter().push(Uint8Array.of(0x80, 0x80, 0x80))).to.throw().with.property('name', 'LimitExceededError')
    expect(() => new FrameSplitter().push(Uint8Array.of(0x81, 0))).to.throw().with.property('name', 'MalformedError')
  })

  it('[SY16] frames come out whole, however the bytes arrive', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sent, cuts) => {
      const splitter = new FrameSplitter()
      const bytes = Uint8Array.from(sent.flatMap(frame => [...withLength(frame)]))
      const received: Uint8Array[] = []

      for (let at = 0, i = 0; at < bytes.length; i++) {
        const end = at + cuts[i % cuts.length]

        received.push(...splitter.push(bytes.slice(at, end)))
        at = end
      }

      expect(received.map(frame => [...frame])).to.deep.equal(sent.map(frame => [...frame]))
    }))
  })
})
