import { once } from 'node:events'
import { lpStream } from '@libp2p/utils'
import { expect } from 'aegir/chai'
import { signerFromSeed } from '../../src/identity/index.ts'
import { systemRandom } from '../../src/interface.ts'
import { commitmentTo } from '../../src/pairing/code.ts'
import { CONFIRMATION_TIMEOUT_MS, PAIRING_SECRET_BYTES, PAIRING_TIMEOUT_MS } from '../../src/pairing/constants.ts'
import { PAIRING_PROTOCOL } from '../../src/pairing/index.ts'
import { agreement, greeting, offer, open, seal } from '../../src/pairing/messages.ts'
import { person } from '../hello/people.ts'
import { listing, makePeer, newDevice } from './devices.ts'
import type { PairingPeer } from './devices.ts'
import type { Signer } from '../../src/identity/index.ts'
import type { Joined, PairingHost, PairingTarget } from '../../src/pairing/index.ts'
import type { Transcript } from '../../src/pairing/messages.ts'
import type { Person } from '../hello/people.ts'
import type { Libp2p } from '@libp2p/interface'

/** Time that passes when a test says so */
class Timeouts extends EventTarget {
  readonly #pending: Array<{ ms: number, end: AbortController }> = []

  readonly timeout = (ms: number): AbortSignal => {
    const end = new AbortController()

    this.#pending.push({ ms, end })
    this.dispatchEvent(new Event(String(ms)))

    return end.signal
  }

  /** Whoever waits so long has waited long enough */
  pass (ms: number): void {
    this.#pending.filter(each => each.ms === ms).forEach(({ end }) => { end.abort(new DOMException('Time is over', 'TimeoutError')) })
  }
}

/** A person at the listing device, who answers when told to */
class Asked extends EventTarget {
  code = ''
  name = ''
  signal: AbortSignal | undefined
  answer = (_yes: boolean): void => {}

  readonly confirm: NonNullable<PairingHost['confirm']> = async (code, name, { signal }) => {
    const { promise, resolve } = Promise.withResolvers<boolean>()

    Object.assign(this, { code, name, signal, answer: resolve })
    this.dispatchEvent(new Event('asked'))

    return promise
  }
}

describe('pairing: two screens with one code', () => {
  const started: Libp2p[] = []
  let anna: Person
  let signer: Signer
  let asked: Asked
  let times: Timeouts
  let home: PairingPeer
  let fresh: PairingPeer

  before(async () => {
    anna = await person(1)
    signer = await signerFromSeed(new Uint8Array(32).fill(3))
  })

  beforeEach(async () => {
    asked = new Asked()
    times = new Timeouts()
    home = await makePeer({ timeout: times.timeout }, started)
    fresh = await makePeer({ timeout: times.timeout }, started)
    await fresh.dial(home.getMultiaddrs())
  })

  afterEach(async () => {
    await Promise.all(started.splice(0).map(async each => { await each.stop() }))
  })

  function target (secret: Uint8Array, peer = home): PairingTarget {
    return { peer: peer.peerId, identity: anna.identity, secret }
  }

  /** What came of it, without an unhandled rejection while nobody looks */
  async function outcome (joining: Promise<Joined>): Promise<string> {
    return joining.then(() => 'joined', (err: Error) => err.name)
  }

  it('[PA15] [PA16] both show the same code, and the device is admitted once the person confirmed it', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const isAsked = once(asked, 'asked')
    const shown = Promise.withResolvers<string>()
    const joining = fresh.services.pairing.join(target(link.secret), newDevice(anna, signer), { onCode: shown.resolve })

    await isAsked
    expect(await shown.promise).to.match(/^\d{6}$/).and.equal(asked.code)
    expect(asked.name).to.equal('Attic')
    expect(admitted).to.deep.equal([])
    asked.answer(true)
    expect((await joining).record.record.devices).to.have.length(2)
    await link.done
  })

  it('[PA16] a device whose code was refused is told so, and the link is used up', async () => {
    const { host, admitted } = listing(anna, async () => false)
    const link = home.services.pairing.offer(host)

    expect(await outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer)))).to.equal('PairingDeclinedError')
    await expect(link.done).to.eventually.be.rejected.with.property('name', 'PairingDeclinedError')
    expect(await outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer)))).to.equal('PairingRefusedError')
    expect(admitted).to.deep.equal([])
  })

  it('[PA16] nobody is admitted when the link is taken back, or the program ends, while the person is asked', async () => {
    for (const end of [async (cancel: () => void) => { cancel() }, async () => home.services.pairing.stop()]) {
      const { host, admitted } = listing(anna, asked.confirm)
      const link = home.services.pairing.offer(host)
      const isAsked = once(asked, 'asked')
      const joining = outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer)))

      await isAsked
      await end(link.cancel)
      expect(asked.signal?.aborted).to.equal(true)
      asked.answer(true)
      expect(await joining).to.equal('PairingRefusedError')
      await expect(link.done).to.eventually.be.rejected.with.property('name', 'PairingRefusedError')
      expect(admitted).to.deep.equal([])
    }
  })

  it('[PA16] a device that goes away while the person is asked is not admitted, and the link stands', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const leave = new AbortController()
    let isAsked = once(asked, 'asked')
    const joining = outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer), { signal: leave.signal }))

    await isAsked

    const gone = once(asked.signal as AbortSignal, 'abort')

    leave.abort()
    await gone
    asked.answer(true)
    expect(await joining).to.equal('PairingRefusedError')
    expect(admitted).to.deep.equal([])

    isAsked = once(asked, 'asked')

    const again = fresh.services.pairing.join(target(link.secret), newDevice(anna, signer))

    await isAsked
    asked.answer(true)
    await again
    expect(admitted).to.have.length(1)
  })

  it('[PA9] [PA16] nobody is admitted when the person does not answer in two minutes', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const isAsked = once(asked, 'asked')
    const joining = outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer)))

    await isAsked
    times.pass(PAIRING_TIMEOUT_MS)
    expect(asked.signal?.aborted, 'the time of the exchange does not count while a person is asked').to.equal(false)
    times.pass(CONFIRMATION_TIMEOUT_MS)
    expect(asked.signal?.aborted).to.equal(true)
    asked.answer(true)
    expect(await joining).to.equal('PairingRefusedError')
    expect(admitted).to.deep.equal([])
  })

  it('[PA9] an exchange that takes more than 30 seconds is a failed attempt, on either side', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const waits = once(times, String(PAIRING_TIMEOUT_MS))
    const stream = await fresh.dialProtocol(home.peerId, PAIRING_PROTOCOL)
    const answer = lpStream(stream).read()

    await waits
    times.pass(PAIRING_TIMEOUT_MS)
    await expect(answer).to.eventually.be.rejected()

    // a listing device that never says anything
    await home.services.pairing.stop()

    const reached = Promise.withResolvers<void>()

    await home.handle(PAIRING_PROTOCOL, () => { reached.resolve() })

    const joining = outcome(fresh.services.pairing.join(target(link.secret), newDevice(anna, signer)))

    await reached.promise
    times.pass(PAIRING_TIMEOUT_MS)
    expect(await joining).to.equal('PairingRefusedError')
    expect(admitted).to.deep.equal([])
  })

  it('[PA17] nobody else gets an answer while the person is asked', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const other = await makePeer({}, started)
    const isAsked = once(asked, 'asked')
    const joining = fresh.services.pairing.join(target(link.secret), newDevice(anna, signer))

    await isAsked
    await other.dial(home.getMultiaddrs())

    for (let i = 0; i < 6; i++) {
      expect(await outcome(other.services.pairing.join(target(link.secret), newDevice(anna, await signerFromSeed(systemRandom.bytes(32)))))).to.equal('PairingRefusedError')
    }

    asked.answer(true)
    await joining
    expect(admitted).to.have.length(1)
  })

  it('[PA15] somebody in the middle who has the link shows two different codes', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const middle = await makePeer({ random: { bytes: length => length === PAIRING_SECRET_BYTES ? link.secret : systemRandom.bytes(length) } }, started)
    const theirs = await signerFromSeed(systemRandom.bytes(32))
    const isAsked = once(asked, 'asked')
    const shown = Promise.withResolvers<string>()

    middle.services.pairing.offer({ ...host, confirm: async () => new Promise(() => {}) })
    await middle.dial(home.getMultiaddrs())
    await fresh.dial(middle.getMultiaddrs())

    const victim = outcome(fresh.services.pairing.join(target(link.secret, middle), newDevice(anna, signer), { onCode: shown.resolve }))
    const attacker = outcome(middle.services.pairing.join(target(link.secret), newDevice(anna, theirs)))

    await isAsked
    expect(await shown.promise).to.not.equal(asked.code)
    asked.answer(false)
    expect(await attacker).to.equal('PairingDeclinedError')
    await middle.stop()
    expect(await victim).to.equal('PairingRefusedError')
    expect(admitted).to.deep.equal([])
  })

  it('[PA2] somebody in the middle who does not have the link cannot pass messages on', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const middle = await makePeer({}, started)

    await middle.services.pairing.stop()
    await middle.dial(home.getMultiaddrs())
    await middle.handle(PAIRING_PROTOCOL, async stream => {
      const [from, to] = [lpStream(stream), lpStream(await middle.dialProtocol(home.peerId, PAIRING_PROTOCOL))]

      try {
        await to.write(await from.read())
        await from.write(await to.read())
      } catch (err) {
        stream.abort(err as Error)
      }
    })
    await fresh.dial(middle.getMultiaddrs())
    expect(await outcome(fresh.services.pairing.join(target(link.secret, middle), newDevice(anna, signer)))).to.equal('PairingRefusedError')
    expect(asked.code).to.equal('')
    expect(admitted).to.deep.equal([])
  })

  it('[PA5] a device that is not what it was bound to, or agrees to another record, is not even asked about', async () => {
    const { host, admitted } = listing(anna, asked.confirm)
    const link = home.services.pairing.offer(host)
    const device = newDevice(anna, signer)
    const nonce = systemRandom.bytes(32)
    const said = { nonce, name: device.name, entry: await device.agree(1) }

    for (const lie of [{ ...said, nonce: systemRandom.bytes(32) }, { ...said, name: 'Cellar' }, { ...said, entry: await device.agree(0) }]) {
      const frames = lpStream(await fresh.dialProtocol(home.peerId, PAIRING_PROTOCOL))
      const transcript: Transcript = { secret: link.secret, listingPeer: home.peerId.toString(), newPeer: fresh.peerId.toString(), said: [] }

      await frames.write(seal(transcript, 1, greeting.encode({ commitment: commitmentTo(said) })))
      offer.decode(open(transcript, 2, (await frames.read()).subarray()) as Uint8Array)
      await frames.write(seal(transcript, 3, agreement.encode(lie)))
      await expect(frames.read()).to.eventually.be.rejected()
    }

    expect(asked.code).to.equal('')
    expect(admitted).to.deep.equal([])
  })
})
