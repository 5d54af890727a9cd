import { expect } from 'aegir/chai'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, entryId, identityId, publicWall } from '../../src/ids.ts'
import { ReceiptWriter } from '../../src/sync/receipt-writer.ts'
import type { Log } from '../../src/log/index.ts'

const identity = identityId(new Uint8Array(32).fill(1))
const device = deviceId(new Uint8Array(32).fill(2))
const space = publicWall(identity)
/** More turns of the microtask queue than writing one receipt and ending takes */
const TURNS = 40

/** Of a chain that holds its first entry */
const log: Pick<Log, 'views' | 'ids'> = {
  views: async () => [{ space, identity, device, ranges: [{ from: 0, to: 0 }] }],
  ids: async (_chain, seqs) => seqs.map(() => entryId(new Uint8Array(32)))
}

describe('writing receipts', () => {
  it('[SY40] what becomes due while others are being written, or at the very end of that, is written too', async () => {
    const signer = { ...await signerFromSeed(new Uint8Array(32).fill(3)), sign: async () => new Uint8Array(64) }

    for (let turns = 0; turns < TURNS; turns++) {
      let sent = 0
      let failure: Error | undefined
      const writer = new ReceiptWriter({
        log: log as Log,
        clock: { now: () => 0 },
        signer,
        fail: error => { failure = error },
        send: async () => { sent++ }
      })

      writer.due(space)

      for (let turn = 0; turn < turns; turn++) {
        await Promise.resolve()
      }

      writer.due(space)

      while (writer.writing != null) {
        await writer.writing
      }

      expect(sent, `due again after ${turns} turns`).to.equal(2)
      expect(failure).to.equal(undefined)
    }
  })
})
