import { once } from 'node:events'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { lpStream } from '@libp2p/utils'
import { yamux } from '@libp2p/yamux'
import { expect } from 'aegir/chai'
import { createLibp2p } from 'libp2p'
import { encode } from '../../src/codec/index.ts'
import { toBase64url } from '../../src/codec/text.ts'
import { systemRandom } from '../../src/interface.ts'
import { MAX_LINK_CHARACTERS } from '../../src/limits.ts'
import { CLAIM_PROTOCOL, MAX_CLAIM_FAILURES, MAX_CLAIM_FRAME_BYTES, PAIRING_TIMEOUT_MS } from '../../src/pairing/constants.ts'
import { claims, decodeClaim, encodeClaim } from '../../src/pairing/index.ts'
import type { ClaimInit, Claims } from '../../src/pairing/index.ts'
import type { Libp2p } from '@libp2p/interface'

type ClaimPeer = Libp2p<{ claims: Claims }>

describe('pairing: claims', () => {
  const started: Libp2p[] = []
  let links: string[]
  let home: ClaimPeer
  let owner: ClaimPeer

  async function peer (init: Partial<ClaimInit> = {}): Promise<ClaimPeer> {
    const made = await createLibp2p({
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      services: { claims: claims({ random: systemRandom, pair: async link => { links.push(link) }, ...init }) }
    })

    started.push(made as unknown as Libp2p)

    return made
  }

  beforeEach(async () => {
    links = []
    home = await peer()
    owner = await peer()
    await owner.dial(home.getMultiaddrs())
  })

  afterEach(async () => {
    await Promise.all(started.splice(0).map(async each => { await each.stop() }))
  })

  async function take (secret: Uint8Array, to = home): Promise<string> {
    return owner.services.claims.take({ peer: to.peerId.toString(), secret }, to.peerId, 'link').then(() => 'taken', (err: Error) => err.name)
  }

  it('[PA10] is read back from the text it becomes, and nothing else is read', () => {
    const claim = { peer: home.peerId.toString(), secret: systemRandom.bytes(16) }

    expect(encodeClaim(claim)).to.match(/^[\w-]+$/)
    expect(decodeClaim(encodeClaim(claim))).to.deep.equal(claim)

    for (const value of [[claim.peer], [claim.peer, new Uint8Array(15)], ['x'.repeat(129), claim.secret], [claim.peer, claim.secret, 1], claim]) {
      expect(() => decodeClaim(toBase64url(encode(value)))).to.throw(Error).with.property('name').that.matches(/^(Malformed|LimitExceeded)Error$/)
    }
  })

  it('[PA11] [PA12] the node pairs by the link of whoever knows the secret', async () => {
    expect(await take(home.services.claims.offer())).to.equal('taken')
    expect(links).to.deep.equal(['link'])
  })

  it('[PA12] a wrong secret is refused, as it is where nothing was offered', async () => {
    expect(await take(new Uint8Array(16))).to.equal('PairingRefusedError')
    home.services.claims.offer()
    expect(await take(new Uint8Array(16))).to.equal('PairingRefusedError')
    expect(links).to.deep.equal([])
  })

  it('[PA13] a secret works once', async () => {
    const secret = home.services.claims.offer()

    expect(home.services.claims.offer()).to.deep.equal(secret)
    expect(await take(secret)).to.equal('taken')
    expect(await take(secret)).to.equal('PairingRefusedError')
    expect(links).to.have.length(1)
  })

  it('[PA13] a secret still works when the pairing failed', async () => {
    let fails = true
    const other = await peer({
      pair: async link => {
        if (fails) {
          throw new Error('The relay is away')
        }

        links.push(link)
      }
    })
    const secret = other.services.claims.offer()

    await owner.dial(other.getMultiaddrs())
    expect(await take(secret, other)).to.not.equal('taken')
    fails = false
    expect(await take(secret, other)).to.equal('taken')
    expect(links).to.have.length(1)
  })

  it(`[PA14] after ${MAX_CLAIM_FAILURES} wrong secrets the node gives itself to nobody`, async () => {
    const secret = home.services.claims.offer()

    for (let i = 0; i < MAX_CLAIM_FAILURES; i++) {
      expect(await take(new Uint8Array(16))).to.equal('PairingRefusedError')
    }

    expect(await take(secret)).to.equal('PairingRefusedError')
    expect(() => home.services.claims.offer()).to.throw().with.property('name', 'PairingRefusedError')
    expect(links).to.deep.equal([])
  })

  it(`[PA14] ${MAX_CLAIM_FAILURES - 1} wrong secrets leave it open`, async () => {
    const secret = home.services.claims.offer()

    for (let i = 0; i < MAX_CLAIM_FAILURES - 1; i++) {
      await take(new Uint8Array(16))
    }

    expect(await take(secret)).to.equal('taken')
  })

  it('[PA11] a frame or a link one over the limit, and nonsense, get no answer', async () => {
    const secret = home.services.claims.offer()
    const frames = [
      new Uint8Array(MAX_CLAIM_FRAME_BYTES + 1), encode([secret, 'x'.repeat(MAX_LINK_CHARACTERS + 1)]), encode([secret]), encode([secret, 'link', 1]), Uint8Array.of(0xff)
    ]

    for (const bytes of frames) {
      const stream = lpStream(await owner.dialProtocol(home.peerId, CLAIM_PROTOCOL))
      const answer = stream.read()

      await stream.write(bytes).catch(() => {})
      await expect(answer).to.eventually.be.rejected()
    }

    expect(links).to.deep.equal([])
    expect(await take(secret)).to.equal('taken')
  })

  it('[PA9] a claimant that says nothing for 30 seconds is sent away', async () => {
    const waits = new EventTarget()
    const time = new AbortController()
    const slow = await peer({
      timeout: ms => {
        waits.dispatchEvent(new Event(String(ms)))

        return time.signal
      }
    })
    const isWaiting = once(waits, String(PAIRING_TIMEOUT_MS))

    await owner.dial(slow.getMultiaddrs())

    const answer = lpStream(await owner.dialProtocol(slow.peerId, CLAIM_PROTOCOL)).read()

    await isWaiting
    time.abort()
    await expect(answer).to.eventually.be.rejected()
  })
})
