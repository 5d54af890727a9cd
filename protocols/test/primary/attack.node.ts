import { expect } from 'aegir/chai'
import { decode } from 'it-length-prefixed'
import { encode } from '../../src/codec/index.ts'
import { decodeBeat, signBeat } from '../../src/primary/beat.ts'
import { MAX_BEAT_BYTES, MAX_BEATS_PER_MINUTE, MAX_HEARD, MAX_UNREAD_BYTES } from '../../src/primary/constants.ts'
import { PRIMARY_PROTOCOL } from '../../src/primary/index.ts'
import { devices, ending, meet, owner, recordWith, sees, sendBeat, sendFrame } from './devices.ts'
import type { BarePeer, Owner, StartedDevice } from './devices.ts'
import type { Beat } from '../../src/primary/beat.ts'
import type { Stream } from '@libp2p/interface'

const BOOT = 'ab'.repeat(16)

/** What a device heard on the stream that the other one opened */
interface Ear {
  /** The next beat that is as wanted */
  next (isWanted: (beat: Beat) => boolean): Promise<Beat>
  onStream (stream: Stream): void
}

function ear (): Ear {
  const waiting = new Set<{ isWanted (beat: Beat): boolean, resolve (beat: Beat): void }>()

  async function listen (stream: Stream): Promise<void> {
    for await (const frame of decode(stream)) {
      const { beat } = decodeBeat(frame.subarray())

      for (const one of waiting) {
        if (one.isWanted(beat)) {
          waiting.delete(one)
          one.resolve(beat)
        }
      }
    }
  }

  return {
    next: async isWanted => new Promise(resolve => { waiting.add({ isWanted, resolve }) }),
    onStream: stream => { listen(stream).catch(() => {}) }
  }
}

describe('primary under attack', () => {
  const net = devices()

  afterEach(async () => {
    await net.stop()
  })

  /** The first device, and the second one made by hand */
  async function pair (): Promise<{ ada: Owner, first: StartedDevice, other: BarePeer, heard: Ear, beat: Beat, open (): Promise<Stream> }> {
    const ada = await owner(1, 3)
    const first = await net.start(ada, 0)
    const heard = ear()
    const other = await net.bare({ record: ada.record, signer: ada.signers[1] }, [ada.identity], heard.onStream)

    await meet(other, first.peer)

    return {
      ada,
      first,
      other,
      heard,
      beat: { identity: ada.identity, device: ada.devices[1], rec: 0, boot: BOOT, count: 0, state: 'here', heard: [] },
      open: async () => other.dialProtocol(first.peer.peerId, PRIMARY_PROTOCOL)
    }
  }

  /** What a peer gets that opens a stream: how it ends, and every byte */
  async function refused (peer: BarePeer, first: StartedDevice): Promise<{ status: string, bytes: number }> {
    const connections = peer.getConnections().length
    const stream = await peer.dialProtocol(first.peer.peerId, PRIMARY_PROTOCOL)
    let bytes = 0

    stream.addEventListener('message', ({ data }) => { bytes += data.byteLength })

    const status = await ending(stream)

    expect(peer.getConnections()).to.have.length(connections)

    return { status, bytes }
  }

  it('[PR30] a stranger is not listened to, and learns nothing', async () => {
    const ada = await owner(1, 2)
    const first = await net.start(ada, 0)
    const stranger = await net.bare(undefined, [])

    await stranger.dial(first.peer.getMultiaddrs())
    expect(await refused(stranger, first)).to.deep.equal({ status: 'reset', bytes: 0 })
  })

  it('[PR30] a contact that hello knows is not listened to, nor spoken to', async () => {
    const [ada, bob] = [await owner(1, 2), await owner(2, 1)]
    const first = await net.start(ada, 0, { contacts: [bob.identity] })
    let opened = 0
    const contact = await net.bare({ record: bob.record, signer: bob.signers[0] }, [ada.identity], stream => {
      opened++
      stream.abort(new Error('Not wanted'))
    })

    await meet(contact, first.peer)
    expect(first.peer.services.hello.allowed(contact.peerId)).to.equal(true)
    expect(await refused(contact, first)).to.deep.equal({ status: 'reset', bytes: 0 })

    // by the time an own device has heard several beats the contact would have heard one
    const heard = ear()
    const own = await net.bare({ record: ada.record, signer: ada.signers[1] }, [ada.identity], heard.onStream)

    await meet(own, first.peer)
    await heard.next(({ count }) => count >= 2)
    expect(opened).to.equal(0)
  })

  it('[PR30] [PR3] a closed device is not listened to, although its old record was good enough for hello', async () => {
    const ada = await owner(1, 2)
    const first = await net.start(ada, 0)
    const closed = await net.bare({ record: ada.record, signer: ada.signers[1] }, [ada.identity])

    first.self.record = await recordWith(ada.root, ada.signers.slice(0, 1), ada.record, [ada.devices[1]])
    await first.primary.refresh()
    await meet(closed, first.peer)
    expect(await refused(closed, first)).to.deep.equal({ status: 'reset', bytes: 0 })
    expect(first.primary.view()).to.deep.equal({ primary: ada.devices[0], acts: true, alive: [] })
  })

  it('[PR5] beats of a third device that were captured do not bring it to life, a living one does', async () => {
    const { ada, beat, first, heard, open } = await pair()
    const stream = await open()
    const answer = heard.next(beat => beat.heard.some(({ device }) => device === ada.devices[2]))
    const third: Beat = { ...beat, device: ada.devices[2], boot: 'cd'.repeat(16), count: 7, state: 'acts', heard: [{ device: ada.devices[0], boot: 'ef'.repeat(16), count: 3, linked: true }] }

    await sendBeat(stream, ada.signers[2], third)

    const { boot, count } = await answer

    expect(first.primary.view().alive).to.deep.equal([])
    await sendBeat(stream, ada.signers[2], { ...third, count: 8, heard: [{ device: ada.devices[0], boot, count, linked: true }] })
    expect((await sees(first.primary, ({ alive }) => alive.length > 0)).alive).to.deep.equal([ada.devices[2]])
  })

  it('[PR32] whatever is no beat of an own device resets the stream, and leaves the connection', async () => {
    const { ada, beat, first, other, open } = await pair()
    const bob = await owner(2, 1)
    const bad: Array<[string, Uint8Array]> = [
      ['no CBOR', Uint8Array.of(255)],
      ['empty', new Uint8Array()],
      ['another shape', encode([new Uint8Array(3), new Uint8Array(64)])],
      ['too long', new Uint8Array(MAX_BEAT_BYTES + 1)],
      ['signed by another device', await signBeat(ada.signers[2], beat)],
      ['of somebody else', await signBeat(bob.signers[0], { ...beat, identity: bob.identity, device: bob.devices[0] })]
    ]

    for (const [what, frame] of bad) {
      const stream = await open()
      const end = ending(stream)

      sendFrame(stream, frame)
      expect(await end, what).to.equal('reset')
    }

    expect(other.getConnections()).to.have.length(1)
    expect(first.primary.view().alive).to.deep.equal([])
  })

  it('[PR32] a beat of a later version is ignored, and the next one counts', async () => {
    const { ada, beat, heard, open } = await pair()
    const stream = await open()

    sendFrame(stream, encode([encode({ v: 2 }), new Uint8Array(64)]))

    const answer = heard.next(beat => beat.heard.some(({ boot }) => boot === BOOT))

    await sendBeat(stream, ada.signers[1], beat)
    await answer
    expect(stream.status).to.equal('open')
  })

  it('[PR33] a peer may send 2,000 beats in a minute; one more resets the stream', async () => {
    const { ada, beat, heard, open } = await pair()
    const stream = await open()
    const ignored = encode([encode({ v: 2 }), new Uint8Array(64)])
    const chunks = 4

    for (let chunk = 1; chunk <= chunks; chunk++) {
      const boot = chunk.toString(16).padStart(32, '0')
      const answer = heard.next(beat => beat.heard.some(named => named.boot === boot))

      for (let i = 1; i < MAX_BEATS_PER_MINUTE / chunks; i++) {
        sendFrame(stream, ignored)
      }

      await sendBeat(stream, ada.signers[1], { ...beat, boot })
      await answer
    }

    expect(stream.status).to.equal('open')

    const end = ending(stream)

    sendFrame(stream, ignored)
    expect(await end).to.equal('reset')
  })

  it('[PR33] what is not read yet may be 64 KiB; more resets the stream', async () => {
    const { ada, beat, first, open } = await pair()
    const stream = await open()
    const end = ending(stream)
    // good beats, and far fewer than a minute may have: but they take longer to verify than to arrive
    const long = await signBeat(ada.signers[1], {
      ...beat,
      heard: Array.from({ length: MAX_HEARD }, (_, i) => ({ device: ada.devices[2], boot: i.toString(16).padStart(32, '0'), count: 0, linked: false }))
    })

    for (let i = 0; i < 300 && stream.status === 'open'; i++) {
      sendFrame(stream, long)
    }

    expect(300 * long.length).to.be.above(10 * MAX_UNREAD_BYTES)
    expect(await end).to.equal('reset')
    expect(first.peer.getConnections()).to.have.length(1)
  })

  it('[PR33] a peer may have 2 streams on a connection; one more is reset', async () => {
    const { first, other } = await pair()
    const [connection] = other.getConnections(first.peer.peerId)
    const streams = [await connection.newStream(PRIMARY_PROTOCOL), await connection.newStream(PRIMARY_PROTOCOL)]
    const third = await connection.newStream(PRIMARY_PROTOCOL).then(ending, () => 'reset')

    expect(third).to.equal('reset')
    expect(streams.map(({ status }) => status)).to.deep.equal(['open', 'open'])
  })
})
