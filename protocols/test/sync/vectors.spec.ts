import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../src/ids.ts'
import { decodeReceipt } from '../../src/sync/index.ts'
import { verdictOf } from '../log/verdict.ts'
import { readVectors } from '../vectors.ts'
import { receiptVectors } from './receipt-vectors.ts'
import type { ReceiptVector } from './receipt-vectors.ts'

describe('vectors of sync', () => {
  it('[SY43] receipts that anybody can make again, with their verdicts', async () => {
    const vectors: ReceiptVector[] = await readVectors('receipt')

    expect(vectors).to.deep.equal(await receiptVectors())

    for (const { title, bytes, verdict, receipt } of vectors) {
      expect(await verdictOf(async () => decodeReceipt(fromHex(bytes))), title).to.equal(verdict)

      if (receipt != null) {
        const { chain, by, ...rest } = await decodeReceipt(fromHex(bytes))

        expect({ ...chain, ...rest, by: toHex(by) }).to.deep.equal(receipt)
      }
    }
  })
})
