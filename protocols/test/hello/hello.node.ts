import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect } from 'aegir/chai'
import { proveDevice, signerFromSeed } from '../../src/identity/index.ts'
import { systemRandom } from '../../src/interface.ts'
import { createTokenBook } from '../../src/invite/index.ts'
import { plainStore } from '../invite/plain-store.ts'
import { relayInfo } from '../relay-info/relays.ts'
import { friendOf, nextProved, peers, person, withDevices } from './people.ts'
import type { HelloPeer } from './people.ts'

/** Resolves once both ends know of the connection */
async function connect (from: HelloPeer, to: HelloPeer): Promise<void> {
  const there = new Promise(resolve => { to.addEventListener('peer:connect', resolve, { once: true }) })

  await from.dial(to.getMultiaddrs())
  await there
}

describe('hello between libp2p peers', () => {
  const net = peers()

  afterEach(async () => {
    await net.stop()
  })

  it('[HE30] friends learn who is there, on both sides, with cards', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const relays = [await relayInfo(1)]
    const a = await net.start({ ...friendOf(ada, bob), card: () => ({ relays, name: 'laptop' }) })
    const b = await net.start({ ...friendOf(bob, ada), card: () => ({ relays: [] }) })

    await connect(a, b)
    expect(a.services.hello.allowed(b.peerId)).to.equal(false)

    const there = nextProved(b)
    const result = await a.services.hello.prove(b.peerId)

    // the responder knows before the initiator may go on
    expect(b.services.hello.allowed(a.peerId)).to.equal(true)
    expect(a.services.hello.allowed(b.peerId)).to.equal(true)
    expect(result).to.deep.include({ identity: bob.identity, by: 'device', card: { relays: [], peer: b.peerId.toString() } })
    expect(result.record?.bytes).to.deep.equal(bob.record.bytes)
    expect(await there).to.deep.include({ identity: ada.identity, by: 'device', card: { relays, name: 'laptop', peer: a.peerId.toString() } })
    expect(b.services.hello.known(a.peerId)).to.have.property('identity', ada.identity)
  })

  it('[HE31] is forgotten with the last connection, and when told to', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const [a, b] = [await net.start(friendOf(ada, bob)), await net.start(friendOf(bob, ada))]

    await connect(a, b)
    await a.services.hello.prove(b.peerId)
    b.services.hello.forget(ada.identity)
    expect(b.services.hello.allowed(a.peerId)).to.equal(false)
    expect(a.services.hello.allowed(b.peerId)).to.equal(true)

    const gone = new Promise(resolve => { a.addEventListener('peer:disconnect', resolve, { once: true }) })

    await b.hangUp(a.peerId)
    await gone
    expect(a.services.hello.allowed(b.peerId)).to.equal(false)
  })

  it('[HE32] who is not accepted is refused, and the other side is not allowed either', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start(friendOf(ada, bob))
    const cold = await net.start(friendOf(bob))

    await connect(a, cold)
    await expect(a.services.hello.prove(cold.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    await expect(cold.services.hello.prove(a.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    expect(a.services.hello.allowed(cold.peerId)).to.equal(false)
    expect(cold.services.hello.allowed(a.peerId)).to.equal(false)
  })

  it('[HE33] the expected person must be there', async () => {
    const [ada, bob, eve] = [await person(1), await person(2), await person(3)]
    const a = await net.start(friendOf(ada))
    const b = await net.start(friendOf(bob, ada))

    await connect(a, b)
    await expect(a.services.hello.prove(b.peerId, { identity: eve.identity })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    expect(await a.services.hello.prove(b.peerId, { identity: bob.identity })).to.have.property('identity', bob.identity)
  })

  it('[HE34] a record that does not list the device, or closed it, proves nothing', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const otherSigner = await signerFromSeed(new Uint8Array(32).fill(40))
    const other = await proveDevice(otherSigner, { identity: ada.identity, x25519: new Uint8Array(32), role: 'client', from: 1 })
    const unlisted = await withDevices(ada, { devices: [other], closed: [] })
    const [{ device }] = ada.record.record.devices
    const closed = await withDevices(ada, { devices: [], closed: [{ device, cut: null }] })
    const b = await net.start(friendOf(bob, ada))

    for (const record of [unlisted, closed, bob.record]) {
      const a = await net.start({ self: () => ({ record, signer: ada.signer }), accepts: () => true })

      await connect(a, b)
      await expect(a.services.hello.prove(b.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
      expect(b.services.hello.allowed(a.peerId)).to.equal(false)
    }
  })

  it('[HE35] an invite token lets its holder in, says who they are, and counts once for each peer', async () => {
    const [ada, bob, eve] = [await person(1), await person(2), await person(3)]
    const clock = { time: 1_000, now () { return this.time } }
    const book = createTokenBook(plainStore(), clock, systemRandom)
    const token = await book.issue({ uses: 1, expires: 2_000 })
    const inviter = await net.start({ ...friendOf(ada), spendToken: book.spend })
    const invited = await net.start(friendOf(bob))
    const late = await net.start(friendOf(eve))
    const there = nextProved(inviter)

    await Promise.all([connect(invited, inviter), connect(late, inviter)])
    expect(await invited.services.hello.prove(inviter.peerId, { token, identity: ada.identity })).to.include({ identity: ada.identity, by: 'device' })
    expect(await there).to.include({ identity: bob.identity, by: 'token' })
    expect(inviter.services.hello.allowed(invited.peerId)).to.equal(true)

    await invited.services.hello.prove(inviter.peerId, { token, identity: ada.identity })
    await expect(late.services.hello.prove(inviter.peerId, { token, identity: ada.identity })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')

    clock.time = 2_000
    await expect(invited.services.hello.prove(inviter.peerId, { token, identity: ada.identity })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
  })

  it('[HE36] a wrong token lets nobody in, a friend needs none and uses none up', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const book = createTokenBook(plainStore(), { now: () => 1 }, systemRandom)
    const token = await book.issue({ uses: 1, expires: 2_000 })
    const inviter = await net.start({ ...friendOf(ada), spendToken: book.spend })
    const friendly = await net.start({ ...friendOf(ada, bob), spendToken: book.spend })
    const closed = await net.start(friendOf(ada))
    const b = await net.start(friendOf(bob, ada))

    await Promise.all([connect(b, inviter), connect(b, friendly), connect(b, closed)])
    await expect(b.services.hello.prove(inviter.peerId, { token: new Uint8Array(16) })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    await expect(b.services.hello.prove(closed.peerId, { token })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    await b.services.hello.prove(friendly.peerId, { token })
    expect((await book.list())[0].used).to.equal(0)
  })

  it('[HE37] a guest shows only a token, and says to nobody who it is', async () => {
    const ada = await person(1)
    const book = createTokenBook(plainStore(), { now: () => 1 }, systemRandom)
    const token = await book.issue({ uses: 1, expires: 2_000 })
    const inviter = await net.start({ ...friendOf(ada), spendToken: book.spend })
    const guest = await net.start(friendOf(undefined, ada))
    const there = nextProved(inviter)

    await connect(guest, inviter)
    await expect(guest.services.hello.prove(inviter.peerId)).to.eventually.be.rejected.with.property('name', 'HelloFailedError')
    await expect(inviter.services.hello.prove(guest.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    await guest.services.hello.prove(inviter.peerId, { token })
    expect(await there).to.include({ by: 'token' }).and.not.have.property('identity')
  })

  it('[HE38] both may begin at once', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const [a, b] = [await net.start(friendOf(ada, bob)), await net.start(friendOf(bob, ada))]

    await connect(a, b)

    const [forth, back] = await Promise.all([a.services.hello.prove(b.peerId), b.services.hello.prove(a.peerId)])

    expect([forth.identity, back.identity]).to.deep.equal([bob.identity, ada.identity])
  })

  it('[HE39] start and stop are idempotent; a stopped hello allows and proves nothing', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const [a, b] = [await net.start(friendOf(ada, bob)), await net.start(friendOf(bob, ada))]

    await connect(a, b)
    await a.services.hello.prove(b.peerId)
    await b.services.hello.start()
    await b.services.hello.stop()
    await b.services.hello.stop()
    expect(b.services.hello.allowed(a.peerId)).to.equal(false)
    await expect(b.services.hello.prove(a.peerId)).to.eventually.be.rejected.with.property('name', 'HelloFailedError')
    await b.services.hello.start()
    expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
  })

  it('[HE40] runs under a key that is not Ed25519 too', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start(friendOf(ada, bob), { privateKey: await generateKeyPair('secp256k1') })
    const b = await net.start(friendOf(bob, ada))

    await connect(a, b)
    expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
  })
})
