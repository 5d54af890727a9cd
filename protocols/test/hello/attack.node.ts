import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { MAX_HANDSHAKE_BYTES, MAX_HELLO_BYTES, MAX_HELLO_STREAMS, MAX_HELLOS_PER_MINUTE, MAX_INBOUND_HELLOS } from '../../src/hello/constants.ts'
import { DEFAULT_HELLO_TIMEOUT_MS, HELLO_PROTOCOL } from '../../src/hello/index.ts'
import { encodeMessage } from '../../src/hello/messages.ts'
import { makeDeviceProof } from '../../src/hello/proof.ts'
import { toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { createTokenBook } from '../../src/invite/index.ts'
import { plainStore } from '../invite/plain-store.ts'
import { relayInfo } from '../relay-info/relays.ts'
import { friendOf, peers, person } from './people.ts'
import { openRaw, rawHello } from './raw.ts'
import type { HelloPeer } from './people.ts'
import type { HelloMessage } from '../../src/hello/messages.ts'
import type { Libp2p, PrivateKey } from '@libp2p/interface'

const nonce = new Uint8Array(32).fill(5)

async function connect (from: Libp2p | HelloPeer, to: Libp2p | HelloPeer): Promise<void> {
  const there = new Promise(resolve => { to.addEventListener('peer:connect', resolve, { once: true }) })

  await from.dial(to.getMultiaddrs())
  await there
}

describe('hello under attack', () => {
  const net = peers()

  afterEach(async () => {
    await net.stop()
  })

  it('[HE41] a stranger learns nothing from the responder, whatever they show: a nonce, and no', async () => {
    const [bob, eve] = [await person(2), await person(3)]
    const book = createTokenBook(plainStore(), { now: () => 1 }, systemRandom)

    await book.issue({ uses: 9, expires: 2 })

    const b = await net.start({ ...friendOf(bob), spendToken: book.spend, card: async () => ({ relays: [await relayInfo(1)], name: 'canary' }) })
    const stranger = await net.bare()
    const forged = { ...await makeDeviceProof(bob, nonce), record: bob.record.bytes }
    const shown: HelloMessage[] = [
      { type: 'proof', proof: { device: await makeDeviceProof(eve, nonce) } },
      { type: 'proof', proof: { device: forged } },
      { type: 'proof', proof: { device: { ...forged, record: Uint8Array.of(1) } } },
      { type: 'proof', proof: { token: { id: new Uint8Array(8), mac: new Uint8Array(32) } } },
      { type: 'yes', device: await makeDeviceProof(eve, nonce) },
      { type: 'done' },
      { type: 'hello', nonce },
      { type: 'no' }
    ]

    await connect(stranger, b)

    for (const message of shown) {
      const raw = await openRaw(stranger, b.peerId)

      raw.send({ type: 'hello', nonce })
      expect(await raw.next()).to.have.property('type', 'nonce')
      raw.send(message)

      const last = await raw.next()

      expect(last, message.type).to.deep.equal(message.type === 'no' ? undefined : { type: 'no' })
      expect(await raw.next()).to.equal(undefined)
      expect(raw.received.map(each => each.length).reduce((sum, length) => sum + length, 0)).to.be.at.most(64)

      for (const secret of [bob.record.bytes.subarray(10, 40), bob.signer.publicKey, bob.root.signer.publicKey]) {
        expect(toHex(raw.received[0]) + toHex(raw.received.at(-1) ?? new Uint8Array())).to.not.include(toHex(secret))
      }

      await raw.stream.close()
    }

    expect(b.services.hello.allowed(stranger.peerId)).to.equal(false)
  })

  /** A friend's proof as somebody who ran the other end got it, together with what they had sent */
  async function captured (victim: HelloPeer, thief: Libp2p, send: Uint8Array): Promise<HelloMessage> {
    const proof = new Promise<HelloMessage>((resolve, reject) => {
      thief.handle(HELLO_PROTOCOL, async stream => {
        const raw = rawHello(stream)

        await raw.next()
        raw.send({ type: 'nonce', nonce: send })

        const message = await raw.next()

        raw.stream.abort(new Error('enough'))

        if (message == null) {
          reject(new Error('No proof came'))
        } else {
          resolve(message)
        }
      }).catch(reject)
    })

    await expect(victim.services.hello.prove(thief.peerId)).to.eventually.be.rejected.with.property('name', 'HelloFailedError')

    return proof
  }

  async function offers (thief: Libp2p, target: HelloPeer, prove: (nonce: Uint8Array) => Promise<HelloMessage>): Promise<HelloMessage | undefined> {
    const raw = await openRaw(thief, target.peerId)

    raw.send({ type: 'hello', nonce })

    const answer = await raw.next()

    raw.send(await prove(answer?.type === 'nonce' ? answer.nonce : nonce))

    return raw.next()
  }

  it('[HE42] a proof that was passed on by a man in the middle is of no use, even with the nonces of the real one', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start(friendOf(ada, bob))
    const b = await net.start(friendOf(bob, ada))
    const thief = await net.bare()

    await connect(a, thief)
    await connect(thief, b)
    expect(await offers(thief, b, async fresh => captured(a, thief, fresh))).to.deep.equal({ type: 'no' })
    expect(b.services.hello.allowed(thief.peerId)).to.equal(false)
  })

  it('[HE43] a captured proof is of no use on another connection, not even to a thief of the transport key', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const privateKey: PrivateKey = await generateKeyPair('Ed25519')
    const bobKey: PrivateKey = await generateKeyPair('Ed25519')
    const a = await net.start(friendOf(ada, bob), { privateKey })
    const falseBob = await net.bare({ privateKey: bobKey })

    await connect(a, falseBob)

    const proof = await captured(a, falseBob, nonce)

    await falseBob.stop()
    await a.stop()

    const b = await net.start(friendOf(bob, ada), { privateKey: bobKey })
    const falseAda = await net.bare({ privateKey })

    await connect(falseAda, b)
    expect(await offers(falseAda, b, async () => proof)).to.deep.equal({ type: 'no' })
    expect(b.services.hello.allowed(falseAda.peerId)).to.equal(false)
  })

  it('[HE44] the token does not travel, and its proof fits once', async () => {
    const ada = await person(1)
    const book = createTokenBook(plainStore(), { now: () => 1 }, systemRandom)
    const token = await book.issue({ uses: 9, expires: 2 })
    const inviter = await net.start({ ...friendOf(ada), spendToken: book.spend })
    const thief = await net.bare()
    const guest = await net.start({ self: () => undefined, accepts: () => false })

    await connect(guest, thief)
    await connect(thief, inviter)

    const proof = new Promise<HelloMessage | undefined>((resolve, reject) => {
      thief.handle(HELLO_PROTOCOL, async stream => {
        const raw = rawHello(stream)

        await raw.next()
        raw.send({ type: 'nonce', nonce })
        resolve(await raw.next())
        raw.send({ type: 'no' })
      }).catch(reject)
    })

    await expect(guest.services.hello.prove(thief.peerId, { token })).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')

    const message = await proof

    if (message?.type !== 'proof') {
      throw new Error('No proof came')
    }

    expect(toHex(encodeMessage(message))).to.not.include(toHex(token))
    expect(await offers(thief, inviter, async () => message)).to.deep.equal({ type: 'no' })
    expect((await book.list())[0].used).to.equal(0)
  })

  it('[HE45] a side that says nothing is given up on, in both roles', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start({ ...friendOf(ada, bob), timeout: 100 })
    const silent = await net.bare()

    await silent.handle(HELLO_PROTOCOL, () => {})
    await connect(a, silent)
    await expect(a.services.hello.prove(silent.peerId)).to.eventually.be.rejected.with.property('name', 'HelloTimeoutError')

    const raw = await openRaw(silent, a.peerId)

    expect(await raw.next()).to.equal(undefined)
    expect(DEFAULT_HELLO_TIMEOUT_MS).to.equal(10_000)
  })

  it('[HE45] the caller may give up earlier', async () => {
    const ada = await person(1)
    const a = await net.start(friendOf(ada))
    const silent = await net.bare()
    const enough = new AbortController()

    await silent.handle(HELLO_PROTOCOL, () => { enough.abort(new Error('enough')) })
    await connect(a, silent)
    await expect(a.services.hello.prove(silent.peerId, { signal: enough.signal })).to.eventually.be.rejectedWith('enough')
  })

  it('[HE46] garbage, a frame too long and a flood end the handshake, not the connection', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start(friendOf(ada, bob))
    const b = await net.start(friendOf(bob, ada))

    await connect(a, b)

    for (const bytes of [new Uint8Array(), encode({ type: 'what' }), new Uint8Array(500).fill(0x81), new Uint8Array(MAX_HELLO_BYTES + 1)]) {
      const raw = await openRaw(a as unknown as Libp2p, b.peerId)

      raw.send(bytes)
      expect(await raw.next()).to.equal(undefined)
    }

    const flood = await openRaw(a as unknown as Libp2p, b.peerId)

    flood.stream.send(new Uint8Array(MAX_HANDSHAKE_BYTES + 1))
    expect(await flood.next()).to.equal(undefined)

    expect(a.getConnections(b.peerId)).to.have.length(1)
    expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
  })

  it('[HE46] a flood is cut off also while a proof is being judged', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const asked = Promise.withResolvers<undefined>()
    const verdict = Promise.withResolvers<boolean>()
    const stranger = await net.bare()
    const b = await net.start({
      self: () => bob,
      accepts: async () => {
        asked.resolve(undefined)

        return verdict.promise
      }
    })

    await connect(stranger, b)

    const raw = await openRaw(stranger, b.peerId)

    raw.send({ type: 'hello', nonce })

    const answer = await raw.next()
    const theirs = answer?.type === 'nonce' ? answer.nonce : nonce
    const binding = encode(['initiator', stranger.peerId.toMultihash().bytes, b.peerId.toMultihash().bytes, nonce, theirs])

    raw.send({ type: 'proof', proof: { device: await makeDeviceProof(ada, binding) } })
    await asked.promise

    const cut = new Promise(resolve => { raw.stream.addEventListener('close', resolve, { once: true }) })

    for (let sent = 0; sent <= MAX_HANDSHAKE_BYTES; sent += 32 * 1024) {
      raw.send(new Uint8Array(32 * 1024))
    }

    await cut
    expect(raw.stream.status).to.equal('reset')
    verdict.resolve(true)
    expect(b.services.hello.allowed(stranger.peerId)).to.equal(false)
  })

  it('[HE47] a peer may begin so many handshakes in a minute that come to nothing, one more is cut off', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const clock = { time: 0, now () { return this.time } }
    const a = await net.start(friendOf(ada, bob))
    const b = await net.start({ ...friendOf(bob), clock })

    await connect(a, b)

    for (let i = 0; i < MAX_HELLOS_PER_MINUTE; i++) {
      await expect(a.services.hello.prove(b.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
    }

    await expect(a.services.hello.prove(b.peerId)).to.eventually.be.rejected.with.property('name', 'HelloFailedError')
    clock.time = 60_000
    await expect(a.services.hello.prove(b.peerId)).to.eventually.be.rejected.with.property('name', 'HelloRefusedError')
  })

  it('[HE47] a friend whose connections break often is let in each time', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const a = await net.start(friendOf(ada, bob))
    const b = await net.start({ ...friendOf(bob, ada), clock: { now: () => 0 } })

    await connect(a, b)

    for (let i = 0; i <= MAX_HELLOS_PER_MINUTE; i++) {
      expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
    }
  })

  it('[HE47] two handshakes at a time on one connection, a third is reset', async () => {
    const bob = await person(2)
    const b = await net.start(friendOf(bob))
    const stranger = await net.bare()

    await connect(stranger, b)

    for (let i = 0; i < MAX_HELLO_STREAMS; i++) {
      const raw = await openRaw(stranger, b.peerId)

      raw.send({ type: 'hello', nonce })
      expect(await raw.next()).to.have.property('type', 'nonce')
    }

    // depending on how fast the reset is, it meets the stream while it is opened or after that
    const third = await openRaw(stranger, b.peerId).catch(() => undefined)

    expect(await third?.next()).to.equal(undefined)
    expect(b.getConnections(stranger.peerId)).to.have.length(1)
  })

  it('[HE48] only so many handshakes of others are under way at once', async () => {
    const [ada, bob] = [await person(1), await person(2)]
    const b = await net.start(friendOf(bob, ada))
    const a = await net.start(friendOf(ada, bob))
    const slow = await Promise.all(Array.from({ length: MAX_INBOUND_HELLOS / 2 }, async () => net.bare()))
    const streams = []

    for (const peer of slow) {
      await connect(peer, b)

      for (const raw of [await openRaw(peer, b.peerId), await openRaw(peer, b.peerId)]) {
        raw.send({ type: 'hello', nonce })
        expect(await raw.next()).to.have.property('type', 'nonce')
        streams.push(raw)
      }
    }

    await connect(a, b)
    await expect(a.services.hello.prove(b.peerId)).to.eventually.be.rejected.with.property('name', 'HelloFailedError')
    streams[0].send({ type: 'done' })
    expect(await streams[0].next()).to.deep.equal({ type: 'no' })
    expect(await streams[0].next()).to.equal(undefined)
    expect(await a.services.hello.prove(b.peerId)).to.have.property('identity', bob.identity)
  })
})
