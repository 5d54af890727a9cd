import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../src/ids.ts'
import { decodeEntry, decodeForkProof, encodeEntry, verifyEntry } from '../../src/log/index.ts'
import { readVectors } from '../vectors.ts'
import { entryVectors, forkProofVectors } from './log-vectors.ts'
import { verdictOf } from './verdict.ts'
import type { EntryVector, ForkProofVector } from './log-vectors.ts'

describe('vectors of the log', () => {
  it('[LG1] to [LG10] entries that anybody can make again, with their verdicts', async () => {
    const vectors: EntryVector[] = await readVectors('entry')

    expect(vectors).to.deep.equal(await entryVectors())

    for (const { title, bytes, verdict, id, header } of vectors) {
      expect(await verdictOf(async () => verifyEntry(decodeEntry(fromHex(bytes)))), title).to.equal(verdict)

      if (header != null) {
        const entry = decodeEntry(fromHex(bytes))
        const { v, epoch, payload, ...rest } = entry.header

        expect({ ...rest, ...(epoch == null ? {} : { epoch: toHex(epoch) }), payload: toHex(payload) }).to.deep.equal(header)
        expect(entry.id).to.equal(id)
        expect(toHex(encodeEntry(entry))).to.equal(bytes)
      }
    }
  })

  it('[LG40] to [LG43] fork proofs that anybody can make again, with their verdicts', async () => {
    const vectors: ForkProofVector[] = await readVectors('fork-proof')

    expect(vectors).to.deep.equal(await forkProofVectors())

    for (const { title, bytes, verdict, seq, ids } of vectors) {
      expect(await verdictOf(async () => decodeForkProof(fromHex(bytes))), title).to.equal(verdict)

      if (verdict === 'accept') {
        expect(await decodeForkProof(fromHex(bytes))).to.deep.include({ seq, ids })
      }
    }
  })
})
