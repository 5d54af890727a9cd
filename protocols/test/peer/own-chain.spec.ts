import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { ownChain } from '../../src/peer/own-chain.ts'
import { createSettings } from '../../src/peer/settings.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import type { ChainKey, Log } from '../../src/log/index.ts'
import type { OwnChain } from '../../src/peer/own-chain.ts'
import type { Parts, Running } from '../../src/peer/parts.ts'
import type { Settings } from '../../src/peer/settings.ts'
import type { Sync } from '../../src/sync/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { PeerId } from '@libp2p/interface'

describe('peer: knowing one\'s own chain after a repair', () => {
  let anna: Person
  let relay: PeerId
  let home: PeerId
  let log: Log
  let settings: Settings
  let chain: OwnChain
  let abort: AbortController
  let sync: EventTarget
  let shown: Map<PeerId, ChainKey[]>

  before(async () => {
    anna = await person('anna', 2)
    relay = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    home = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  })

  beforeEach(async () => {
    const me = { ...anna.chain(), signer: anna.signers[0] }

    log = createLog({ store: memoryStore(), clock: systemClock })
    settings = createSettings(memoryStore())
    abort = new AbortController()
    sync = new EventTarget()
    shown = new Map()
    chain = ownChain({ account: { requireMe: () => me } as Parts['account'], log, unsure: settings.unsure, space: () => me.space }, { signal: abort.signal, run: async () => ({}) as Running })
    await settings.unsure.update(() => true)
    await log.putRecord(anna.record)
  })

  afterEach(() => { abort.abort() })

  async function learn (): Promise<void> {
    await chain.learn(Object.assign(sync, { shown: (peer: PeerId) => ({ record: true, chains: shown.get(peer) ?? [] }) }) as unknown as Sync)
  }

  function caughtUp (peer: PeerId, chains: ChainKey[] = []): void {
    shown.set(peer, chains)
    sync.dispatchEvent(new CustomEvent('space:caught-up', { detail: { peer, space: anna.space } }))
  }

  it('[LG18] somebody who has it has sent all of it', async () => {
    await log.ingest(anna.space, (await writeChain(anna, 2)).reverse())
    await learn()
    caughtUp(home, [anna.chain()])
    await chain.known()
    expect(await chain.isKnown()).to.equal(true)
  })

  it('[LG18] who had nothing of it, and then has what it was sent from here, tells nothing', async () => {
    await log.ingest(anna.space, (await writeChain(anna, 2)).reverse())
    await learn()
    caughtUp(relay)
    caughtUp(relay, [anna.chain()])
    expect(await chain.isKnown()).to.equal(false)
    caughtUp(home, [anna.chain()])
    await chain.known()
  })

  it('[LG18] where nothing of it is here, who has other chains of the wall has seen nothing of it either', async () => {
    await learn()
    caughtUp(relay)
    expect(await chain.isKnown()).to.equal(false)
    caughtUp(home, [anna.chain(anna.signers[1])])
    await chain.known()
  })

  it('[LG18] a stop ends the waiting', async () => {
    const known = chain.known()

    await learn()
    abort.abort()
    await expect(known).to.eventually.be.rejected.with.property('name', 'PeerStoppedError')
    expect(await chain.isKnown()).to.equal(false)
  })
})
