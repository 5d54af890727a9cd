import { expect } from 'aegir/chai'
import { deviceId, spaceId } from '../../src/ids.ts'
import { systemClock } from '../../src/interface.ts'
import { createLog, makeForkProof } from '../../src/log/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { payloadOf, person, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import type { EntryId } from '../../src/ids.ts'
import type { Branch, Log } from '../../src/log/index.ts'
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

  it('[LG28] where the cut is told nothing above it is taken or offered, and what links from it counts', async () => {
    const log = await closedAt(null)
    const written = await writeChain({ ...anna, space }, 5, { signer: anna.signers[1] })
    const chain = { ...anna.chain(anna.signers[1]), space }
    const changes: number[] = []

    log.addEventListener('counts:changed', () => { changes.push(1) })
    await log.ingest(space, written.slice(0, 4).reverse())
    await log.setCut(chain, written[2].id)
    await log.setCut(chain, written[2].id)
    expect(changes).to.have.lengthOf(1)
    expect((await log.views(space))[0].ranges).to.deep.equal([{ from: 0, to: 2 }])
    expect(await Promise.all(written.slice(0, 4).map(async entry => log.counts(entry)))).to.deep.equal([true, true, true, false])
    expect((await log.ingest(space, [written[4]])).refused.map(({ reason }) => reason)).to.deep.equal(['closed'])
    await log.setCut(chain, null)
    expect(await log.counts(written[0])).to.equal(false)
  })

  it('[LG28] the branch below the cut is taken in place of another that came first, once the split is proved', async () => {
    const [first, ...right] = await writeChain({ ...anna, space }, 4, { signer: anna.signers[1] })
    const wrong = await writeChain({ ...anna, space }, 2, { signer: anna.signers[1], after: first, text: 'wrong' })
    const chain = { ...anna.chain(anna.signers[1]), space }

    const log = await closedAt(null)
    const { bytes } = await makeForkProof(...[right[0], wrong[0]].map(({ headerBytes, signature }) => ({ headers: [headerBytes], signature })) as [Branch, Branch])

    await log.ingest(space, [...wrong].reverse().concat(first))
    await log.setCut(chain, right[2].id)
    expect(await log.addForkProof(bytes)).to.equal(true)
    await log.ingest(space, [...right].reverse())
    expect(await Promise.all([first, ...right].map(async entry => log.counts(entry)))).to.deep.equal([true, true, true, true])
    expect((await log.get(chain, 1))?.id).to.equal(right[0].id)
  })

  it('[LG28] a cut of a device that is open waits until it is closed', async () => {
    const log = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })
    const written = await writeChain({ ...anna, space }, 3, { signer: anna.signers[1] })

    await log.putRecord(anna.record)
    await log.setCut({ ...anna.chain(anna.signers[1]), space }, written[0].id)
    await log.ingest(space, [...written].reverse())
    expect(await log.counts(written[2])).to.equal(true)
  })
})
