import { expect } from 'aegir/chai'
import { spaceId } from '../../src/ids.ts'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { MAX_PAYLOAD_BYTES } from '../../src/limits.ts'
import { createLog, decodeEntry, encodeEntry } from '../../src/log/index.ts'
import { openEpoch, openPayload, sealPayload } from '../../src/space/index.ts'
import { payloadOf, person } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'
import type { Entry, Log, Seal } from '../../src/log/index.ts'
import type { Epoch } from '../../src/space/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { CrashableStore } from '../../src/testing/simulator-store.ts'

const space = spaceId(new Uint8Array(32).fill(9))

function text (value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

describe('a log of a private space', () => {
  let anna: Person
  let epoch: Epoch
  let store: CrashableStore
  let log: Log

  before(async () => {
    anna = await person('anna')
    epoch = await openEpoch(new Uint8Array(32).fill(1))
  })

  beforeEach(async () => {
    store = crashableStore()
    log = createLog({ store, clock: systemClock, mayWrite: () => true })
    await log.putRecord(anna.record)
  })

  async function append (payload: Seal): Promise<Entry> {
    return log.append(anna.signers[0], { space, identity: anna.identity, rec: 0, time: 5, epoch: epoch.id, payload })
  }

  async function seal (value: string): Promise<Entry> {
    return append(async header => sealPayload(epoch, header, text(value), systemRandom))
  }

  it('[LG14] seals each payload for its own place', async () => {
    const written = await Promise.all(['a', 'b', 'c'].map(seal))
    const stored = createLog({ store: store.crash(), clock: systemClock, mayWrite: () => true })

    for (const [seq, value] of ['a', 'b', 'c'].entries()) {
      const found = await stored.get({ ...anna.chain(), space }, seq)
      const { header, payload } = decodeEntry(encodeEntry(found ?? expect.fail('not stored')))

      expect(header.seq).to.equal(seq)
      expect(header.prev).to.equal(seq === 0 ? null : written[seq - 1].id)
      expect(await openPayload(epoch, { ...header, epoch: header.epoch ?? new Uint8Array(0) }, payload ?? new Uint8Array(0))).to.deep.equal(text(value))
    }
  })

  it('[LG14] lets nothing into the space between the place and the payload', async () => {
    const begun = Promise.withResolvers<undefined>()
    const finish = Promise.withResolvers<undefined>()
    const first = append(async header => {
      begun.resolve(undefined)
      await finish.promise

      return sealPayload(epoch, header, text('slow'), systemRandom)
    })

    await begun.promise

    const second = log.append(anna.signers[0], { space, identity: anna.identity, rec: 0, time: 5, payload: payloadOf('open') })

    finish.resolve(undefined)
    expect((await first).header.seq).to.equal(0)
    expect((await second).header).to.include({ seq: 1, prev: (await first).id })
  })

  it('[LG14] writes nothing where sealing fails, and goes on at the same place', async () => {
    await expect(append(async () => { throw new Error('no key') })).to.eventually.be.rejectedWith('no key')
    await expect(append(async () => new Uint8Array(MAX_PAYLOAD_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'MalformedError')
    expect(await log.spaces()).to.deep.equal([])
    expect((await seal('a')).header.seq).to.equal(0)
  })
})
