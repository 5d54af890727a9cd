import { expect } from 'aegir/chai'
import { deviceId, spaceId } from '../../src/ids.ts'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { payloadOf, person, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import type { EntryId } from '../../src/ids.ts'
import type { Log } from '../../src/log/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

const space = spaceId(new Uint8Array(32).fill(9))

describe('closed devices in private spaces', () => {
  let anna: Person

  before(async () => {
    anna = await person('anna', 2)
  })

  async function closedAt (cut: EntryId | null): Promise<Log> {
    const log = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })

    await log.putRecord(anna.record)
    await log.putRecord(await recordOf(anna.root, anna.signers.slice(0, 1), anna.record, [{ device: deviceId(anna.signers[1].publicKey), cut }]))

    return log
  }

  it('[LG27] what a closed device wrote elsewhere is taken and offered, whatever its cut in the public wall', async () => {
    const [onWall] = await writeChain(anna, 1, { signer: anna.signers[1] })

    for (const cut of [null, onWall.id]) {
      const log = await closedAt(cut)
      const written = await writeChain({ ...anna, space }, 5, { signer: anna.signers[1] })

      expect((await log.ingest(space, [...written].reverse())).added).to.have.lengthOf(5)
      expect((await log.views(space)).map(({ ranges }) => ranges)).to.deep.equal([[{ from: 0, to: 4 }]])
      expect(await log.counts(written[0])).to.equal(false)
    }
  })

  it('[LG27] it still has to be authentic, and without a split', async () => {
    const log = await closedAt(null)
    const [first, second] = await writeChain({ ...anna, space }, 2, { signer: anna.signers[1] })
    const [other] = await writeChain({ ...anna, space }, 1, { signer: anna.signers[1], after: first, text: 'other' })

    await log.ingest(space, [second, first])
    expect((await log.ingest(space, [other])).refused.map(({ reason }) => reason)).to.deep.equal(['fork'])
    expect((await log.ingest(space, [{ ...second, header: { ...second.header, seq: 9 }, signature: new Uint8Array(64) }])).refused.map(({ reason }) => reason)).to.deep.equal(['bad-signature'])
  })

  it('[LG27] the closed device itself appends nothing', async () => {
    const log = await closedAt(null)

    await expect(log.append(anna.signers[1], { space, identity: anna.identity, rec: 1, time: 5, payload: payloadOf('late') }))
      .to.eventually.be.rejected.with.property('name', 'NotAWriterError')
  })
})
