import { expect } from 'aegir/chai'
import { identityId, publicWall } from '../../src/ids.ts'
import { createSettings } from '../../src/peer/settings.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { relayInfo } from '../relay-info/relays.ts'

const identity = identityId(new Uint8Array(32).fill(1))

describe('peer: settings', () => {
  it('are what a new device begins with', async () => {
    const settings = createSettings(memoryStore())

    expect(await settings.relays.get()).to.deep.equal([])
    expect(await settings.follows.get()).to.deep.equal([])
    expect(await settings.contacts.get()).to.deep.equal([])
    expect(await settings.ownPeers.get()).to.deep.equal([])
    expect(await settings.direct.get()).to.equal(true)
    expect(await settings.backedUp.get()).to.equal(false)
  })

  it('are read back as they were written', async () => {
    const store = memoryStore()
    const written = createSettings(store)
    const relays = [await relayInfo(1), await relayInfo(2)]
    const contacts = [
      { identity, name: 'Anna', peers: ['a', 'b'], relays, token: new Uint8Array(16).fill(1) },
      { identity, name: '', peers: [], relays: [] }
    ]
    const follows = [{ space: publicWall(identity), relays }]

    await written.relays.update(() => relays)
    await written.contacts.update(() => contacts)
    await written.follows.update(() => follows)
    await written.ownPeers.update(() => ['mine'])
    await written.direct.update(() => false)
    await written.backedUp.update(() => true)

    const read = createSettings(store)

    expect(await read.relays.get()).to.deep.equal(relays)
    expect(await read.contacts.get()).to.deep.equal(contacts)
    expect(await read.follows.get()).to.deep.equal(follows)
    expect(await read.ownPeers.get()).to.deep.equal(['mine'])
    expect(await read.direct.get()).to.equal(false)
    expect(await read.backedUp.get()).to.equal(true)
  })
})
