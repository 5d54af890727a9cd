import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { Arrivals } from '../../src/peer/arrivals.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import type { Follow } from '../../src/follow/index.ts'
import type { Entry, Log } from '../../src/log/index.ts'
import type { Shown, Sync } from '../../src/sync/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { PeerId } from '@libp2p/interface'

const NOTHING: Shown = { record: false, chains: [] }

describe('peer: when a wall is here', () => {
  let anna: Person
  let entries: Entry[]
  let relay: PeerId
  let friend: PeerId
  let log: Log
  let sync: EventTarget
  let follow: EventTarget
  let abort: AbortController
  let arrivals: Arrivals
  let shown: Map<PeerId, Shown>
  let coming: boolean

  before(async () => {
    anna = await person('anna')
    entries = await writeChain(anna, 4)
    relay = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    friend = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  })

  beforeEach(async () => {
    log = createLog({ store: memoryStore(), clock: systemClock })
    sync = new EventTarget()
    follow = new EventTarget()
    shown = new Map()
    coming = false
    begin()
    await log.putRecord(anna.record)
  })

  afterEach(() => { abort.abort() })

  function begin (patience?: number): void {
    abort?.abort()
    abort = new AbortController()
    arrivals = new Arrivals({
      log,
      sync: Object.assign(sync, { shown: (peer: PeerId) => shown.get(peer) ?? NOTHING }) as unknown as Sync,
      follow: follow as Follow,
      isRelay: peer => peer === relay,
      isComing: () => coming,
      ...(patience == null ? {} : { patience })
    })
    arrivals.start(abort.signal)
    arrivals.keep(anna.space)
  }

  function caughtUp (peer: PeerId, has: Shown): void {
    shown.set(peer, has)
    sync.dispatchEvent(new CustomEvent('space:caught-up', { detail: { peer, space: anna.space } }))
  }

  /** Whether it is, once everything that was told has been dealt with */
  async function isHere (): Promise<boolean> {
    let here = false

    arrivals.here(anna.space).then(() => { here = true }, () => {})
    // the log is in memory: nothing of this takes longer than a turn
    await new Promise(resolve => { setTimeout(resolve) })

    return here
  }

  it('[SY28] a relay has it that has entries of it, or says that it brings it and has the record', async () => {
    caughtUp(relay, NOTHING)
    expect(await isHere()).to.equal(false)
    caughtUp(relay, { record: true, chains: [] })
    expect(await isHere()).to.equal(false)
    coming = true
    follow.dispatchEvent(new CustomEvent('space:coming', { detail: { relay, space: anna.space, coming } }))
    expect(await isHere()).to.equal(true)
  })

  it('[SY28] a person has it that has the record', async () => {
    caughtUp(friend, NOTHING)
    expect(await isHere()).to.equal(false)
    caughtUp(friend, { record: true, chains: [] })
    expect(await isHere()).to.equal(true)
  })

  it('[SY28] who had nothing and sends it later has sent all once there are no holes', async () => {
    caughtUp(relay, NOTHING)
    shown.set(relay, { record: true, chains: [anna.chain()] })
    await log.ingest(anna.space, entries.slice(2).reverse())
    expect(await isHere()).to.equal(false)
    await log.ingest(anna.space, entries.slice(0, 2).reverse())
    expect(await isHere()).to.equal(true)
  })

  it('holes that nobody fills are waited for no longer than the patience', async () => {
    begin(0)
    await log.ingest(anna.space, entries.slice(2).reverse())
    caughtUp(relay, { record: true, chains: [anna.chain()] })
    await arrivals.here(anna.space)
  })

  it('what somebody said before the connection broke counts no more', async () => {
    caughtUp(friend, NOTHING)
    sync.dispatchEvent(new CustomEvent('stream:closed', { detail: { peer: friend } }))
    shown.set(friend, { record: true, chains: [anna.chain()] })
    await log.ingest(anna.space, [...entries].reverse())
    expect(await isHere()).to.equal(false)
    caughtUp(friend, { record: true, chains: [anna.chain()] })
    expect(await isHere()).to.equal(true)
  })

  it('[E5] says so where nobody keeps it', async () => {
    const here = arrivals.here(anna.space)

    arrivals.release(anna.space)
    await expect(here).to.eventually.be.rejected.with.property('name', 'NotWatchedError')
    await expect(arrivals.here(anna.space)).to.eventually.be.rejected.with.property('name', 'NotWatchedError')
  })
})
