import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { systemClock } from '../../src/interface.ts'
import { createLog, encodeEntry } from '../../src/log/index.ts'
import { createHearing } from '../../src/peer/hearing.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { person, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import type { Store } from '../../src/interface.ts'
import type { Entry, Log } from '../../src/log/index.ts'
import type { Hearing } from '../../src/peer/hearing.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('peer: what gossip says', () => {
  const { subtle } = crypto
  const { verify } = subtle
  let anna: Person
  let log: Log
  let store: Store
  let hearing: Hearing
  let abort: AbortController
  let checked: number

  before(async () => {
    anna = await person('anna')
  })

  beforeEach(async () => {
    store = memoryStore()
    log = createLog({ store, clock: systemClock })
    abort = new AbortController()
    hearing = createHearing({ log, account: { me: () => undefined }, gossip: { publish: async () => 0 }, keeps: space => space === anna.space })
    hearing.start(abort.signal)
    checked = 0
    subtle.verify = async (...args: Parameters<typeof verify>) => {
      checked++

      return verify.apply(subtle, args)
    }
  })

  afterEach(() => {
    abort.abort()
    subtle.verify = verify
  })

  async function taken (): Promise<Entry[]> {
    const { promise, resolve } = Promise.withResolvers<Entry[]>()

    log.addEventListener('entries:added', ({ detail }) => { resolve(detail.entries) }, { once: true })

    return promise
  }

  const say = async (entry: Entry): ReturnType<Hearing['validate']> => hearing.validate({ space: anna.space, kind: 'entry', bytes: encodeEntry(entry) })

  it('[GO8] an entry that is passed on and taken in is verified once', async () => {
    const [entry] = await writeChain(anna, 1)

    await log.putRecord(anna.record)
    checked = 0

    const added = taken()

    expect(await say(entry)).to.equal('accept')
    expect((await added).map(({ id }) => id)).to.deep.equal([entry.id])
    expect(checked).to.equal(1)
  })

  it('[GO8] an entry that nobody signed is neither passed on nor taken in, also after the good one was heard', async () => {
    const [entry] = await writeChain(anna, 1)
    const forged = { ...entry, signature: entry.signature.map((byte, i) => i === 40 ? byte ^ 1 : byte) }

    await log.putRecord(anna.record)
    expect(await say(forged)).to.equal('reject')
    expect(await log.chains(anna.space)).to.deep.equal([])

    const added = taken()

    expect(await say(entry)).to.equal('accept')
    await added
    expect(await say(forged)).to.equal('reject')
  })

  it('[GO8] an entry of somebody who may not write there is rejected before its signature is looked at', async () => {
    const ben = await person('ben')
    const [entry] = await writeChain({ ...ben, space: anna.space }, 1)

    checked = 0
    expect(await say(entry)).to.equal('reject')
    expect(checked).to.equal(0)
  })

  it('[GO8] nobody is blamed for a record of a later version, or for a store here that fails', async () => {
    const later = encode([encode({ v: 2 }), new Uint8Array(64), new Uint8Array(1)])
    const hear = async (bytes: Uint8Array): ReturnType<Hearing['validate']> => hearing.validate({ space: anna.space, kind: 'record', bytes })

    expect(await hear(later)).to.equal('ignore')
    expect(await hear(later.subarray(1))).to.equal('reject')
    await store.close()
    expect(await hear(anna.record.bytes)).to.equal('ignore')
  })

  it('[LG26] entries that rely on a record that is on its way are taken in when it comes', async () => {
    const next = await recordOf(anna.root, anna.signers, anna.record)
    const entries = await writeChain(anna, 3, { rec: 1 })
    const added: string[] = []
    const { promise, resolve } = Promise.withResolvers<void>()

    await log.putRecord(anna.record)
    log.addEventListener('entries:added', ({ detail }) => {
      if (added.push(...detail.entries.map(({ id }) => id)) === entries.length) {
        resolve()
      }
    })

    const verdicts = Promise.all(entries.map(say))

    expect(await hearing.validate({ space: anna.space, kind: 'record', bytes: next.bytes })).to.equal('accept')
    expect(await verdicts).to.deep.equal(['accept', 'accept', 'accept'])
    await promise
    expect(added).to.have.members(entries.map(({ id }) => id))
  })
})
