import { lpStream } from '@libp2p/utils'
import { expect } from 'aegir/chai'
import { decodeRecord, signerFromSeed } from '../../src/identity/index.ts'
import { DEFAULT_PAIRING_LIFETIME_MS, MAX_PAIRING_FAILURES, MAX_PAIRING_FRAME_BYTES } from '../../src/pairing/constants.ts'
import { PAIRING_PROTOCOL } from '../../src/pairing/index.ts'
import { greeting, offer, open, seal, welcome } from '../../src/pairing/messages.ts'
import { person } from '../hello/people.ts'
import { listing, makePeer, newDevice, SHARED } from './devices.ts'
import type { PairingPeer } from './devices.ts'
import type { Signer } from '../../src/identity/index.ts'
import type { Transcript } from '../../src/pairing/messages.ts'
import type { Person } from '../hello/people.ts'
import type { Libp2p } from '@libp2p/interface'

describe('pairing between libp2p peers', () => {
  const started: Libp2p[] = []
  let now = 0
  let anna: Person
  let bert: Person
  let signer: Signer

  async function peer (): Promise<PairingPeer> {
    return makePeer({ clock: { now: () => now } }, started)
  }

  /** The listing device and a new one, connected */
  async function two (): Promise<[PairingPeer, PairingPeer]> {
    const [home, fresh] = [await peer(), await peer()]

    await fresh.dial(home.getMultiaddrs())

    return [home, fresh]
  }

  before(async () => {
    [anna, bert] = [await person(1), await person(2)]
    signer = await signerFromSeed(new Uint8Array(32).fill(3))
  })

  beforeEach(() => { now = Date.now() })

  afterEach(async () => {
    await Promise.all(started.splice(0).map(async each => { await each.stop() }))
  })

  it('[PA6] a new device is listed, and both know the new record', async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(anna)
    const link = home.services.pairing.offer(host)
    const { record, welcome: said } = await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))

    await link.done
    expect(link.secret).to.have.length(16)
    expect(link.expires).to.equal(now + DEFAULT_PAIRING_LIFETIME_MS)
    expect(record.record.devices.map(({ device }) => device)).to.include(admitted[0].device)
    expect(record.record).to.have.property('seq', 1)
    expect(said).to.deep.equal({ ...SHARED, record: record.bytes })
  })

  it('[PA1] [PA8] a link admits one device', async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(anna)
    const link = home.services.pairing.offer(host)

    await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))
    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer)))
      .to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    expect(admitted).to.have.length(1)
  })

  it('[PA1] a link admits one of two devices that come at the same time', async () => {
    const [home, fresh] = await two()
    const other = await peer()
    const { host, admitted } = listing(anna)
    const link = home.services.pairing.offer(host)
    const both = Promise.withResolvers<void>()
    let agreeing = 0

    await other.dial(home.getMultiaddrs())

    const results = await Promise.allSettled([fresh, other].map(async each => each.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, {
      name: 'Attic',
      agree: async from => {
        if (from > 0 && ++agreeing === 2) {
          both.resolve()
        }

        await (from > 0 ? both.promise : undefined)

        return newDevice(anna, signer).agree(from)
      }
    })))

    expect(results.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
    expect(admitted).to.have.length(1)
    await link.done
  })

  it('[PA3] without the secret nobody gets an answer, whether a link is open or not', async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(anna)
    const answers: string[] = []

    for (const isOpen of [false, true]) {
      if (isOpen) {
        home.services.pairing.offer(host)
      }

      const stream = await fresh.dialProtocol(home.peerId, PAIRING_PROTOCOL)
      const frames = lpStream(stream)
      const transcript: Transcript = { secret: new Uint8Array(16), listingPeer: home.peerId.toString(), newPeer: fresh.peerId.toString(), said: [] }
      const answer = frames.read().then(() => 'answered', () => 'reset')

      await frames.write(seal(transcript, 1, greeting.encode({ commitment: new Uint8Array(32) }))).catch(() => {})
      answers.push(await answer)
    }

    expect(answers).to.deep.equal(['reset', 'reset'])
    expect(admitted).to.deep.equal([])
  })

  it(`[PA8] after ${MAX_PAIRING_FAILURES} failed attempts the link opens nothing any more`, async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(anna)
    const link = home.services.pairing.offer(host)
    const attempt = async (secret: Uint8Array): Promise<unknown> => fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret }, newDevice(anna, signer))

    for (let i = 0; i < MAX_PAIRING_FAILURES; i++) {
      await expect(attempt(new Uint8Array(16))).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    }

    await expect(link.done).to.eventually.be.rejected.with.property('name', 'PairingForgedError')
    await expect(attempt(link.secret)).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    expect(admitted).to.deep.equal([])
  })

  it(`[PA8] ${MAX_PAIRING_FAILURES - 1} failed attempts leave the link open`, async () => {
    const [home, fresh] = await two()
    const link = home.services.pairing.offer(listing(anna).host)

    for (let i = 0; i < MAX_PAIRING_FAILURES - 1; i++) {
      await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: new Uint8Array(16) }, newDevice(anna, signer)).catch(() => {})
    }

    await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))
    await link.done
  })

  it('[PA8] a link opens nothing once its time is over, and does until then', async () => {
    const [home, fresh] = await two()
    const link = home.services.pairing.offer(listing(anna).host)

    now = link.expires
    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer)))
      .to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    now = link.expires - 1
    await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))
    await link.done
  })

  it('[PA8] a link that was taken back or replaced opens nothing', async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(anna)
    const first = home.services.pairing.offer(host)
    const second = home.services.pairing.offer(host)

    await expect(first.done).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: first.secret }, newDevice(anna, signer))).to.eventually.be.rejected()
    second.cancel()
    await expect(second.done).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: second.secret }, newDevice(anna, signer))).to.eventually.be.rejected()
    expect(admitted).to.deep.equal([])
  })

  it('[PA4] a new device turns away from a record of somebody else', async () => {
    const [home, fresh] = await two()
    const { host, admitted } = listing(bert)
    const link = home.services.pairing.offer(host)

    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer)))
      .to.eventually.be.rejected.with.property('name', 'InvalidSignatureError')
    expect(admitted).to.deep.equal([])
  })

  it('[PA7] a new device turns away from a record that does not list it, or of somebody else', async () => {
    const [home, fresh] = await two()

    for (const [record, name] of [[anna.record, 'PairingForgedError'], [bert.record, 'InvalidSignatureError']] as const) {
      const link = home.services.pairing.offer({ ...listing(anna).host, admit: async () => ({ ...SHARED, record: record.bytes }) })

      await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))).to.eventually.be.rejected.with.property('name', name)
    }
  })

  it('[PA3] a device that does not know the secret is found out by the new one', async () => {
    const [fresh, stranger] = [await peer(), await peer()]

    await stranger.services.pairing.stop()
    await stranger.handle(PAIRING_PROTOCOL, async (stream, connection) => {
      const frames = lpStream(stream)
      const transcript: Transcript = { secret: new Uint8Array(16), listingPeer: stranger.peerId.toString(), newPeer: connection.remotePeer.toString(), said: [] }

      open(transcript, 1, (await frames.read()).subarray())
      await frames.write(seal(transcript, 2, offer.encode({ nonce: new Uint8Array(32), record: anna.record.bytes })))
    })
    await fresh.dial(stranger.getMultiaddrs())
    await expect(fresh.services.pairing.join({ peer: stranger.peerId, identity: anna.identity, secret: new Uint8Array(16).fill(1) }, newDevice(anna, signer)))
      .to.eventually.be.rejected.with.property('name', 'PairingForgedError')
  })

  it('[PA6] a device is welcomed only after it was kept, and a link stands when that fails', async () => {
    const [home, fresh] = await two()
    const { host } = listing(anna)
    let fails = true
    const link = home.services.pairing.offer({
      record: host.record,
      admit: async (agreed, from) => {
        if (fails) {
          throw new Error('The disk is full')
        }

        return host.admit(agreed, from)
      }
    })

    await expect(fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    fails = false

    const { record } = await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))

    expect((await decodeRecord(record.bytes)).record.identity).to.equal(anna.identity)
    await link.done
  })

  it('a frame that is too long or nonsense is a failed attempt and nothing more', async () => {
    const [home, fresh] = await two()
    const link = home.services.pairing.offer(listing(anna).host)

    for (const bytes of [new Uint8Array(MAX_PAIRING_FRAME_BYTES + 1), Uint8Array.of(0xff), welcome.encode({ ...SHARED, record: new Uint8Array() })]) {
      const frames = lpStream(await fresh.dialProtocol(home.peerId, PAIRING_PROTOCOL))
      const answer = frames.read()

      await frames.write(bytes).catch(() => {})
      await expect(answer).to.eventually.be.rejected()
    }

    await fresh.services.pairing.join({ peer: home.peerId, identity: anna.identity, secret: link.secret }, newDevice(anna, signer))
    await link.done
  })

  it('stops twice and starts again, and ends the link that was open', async () => {
    const [home] = await two()
    const link = home.services.pairing.offer(listing(anna).host)

    await home.services.pairing.stop()
    await home.services.pairing.stop()
    await expect(link.done).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
    await home.services.pairing.start()
    await home.services.pairing.start()
    expect(home.getProtocols()).to.include(PAIRING_PROTOCOL)
  })
})
