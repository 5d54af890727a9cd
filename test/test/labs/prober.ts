/**
 * A stranger who learnt the PeerId of the author's device by other means, and calls it through the relay: as our own program would with
 * a forged token, then with a bare offer of WebRTC, then with a bare hello. Arguments: the public link, the PeerId, a file.
 */
import { decodeCanonical, decodeInvite, encode } from '@pergola/protocols'
import { hearEverything } from './hear.ts'
import { connected, say, startPeer, toText } from './people.ts'

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof startPeer>>['inside']['connectionManager']['openConnection']>>

/** An offer that is answered with candidates wherever it is not refused */
const OFFER = `v=0
o=rtc 4087123456 0 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
a=ice-options:ice2,trickle
a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i + 160).toString(16).toUpperCase()).join(':')}
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:0
a=sendrecv
a=sctp-port:5000
a=max-message-size:262144
a=setup:actpass
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuv
`.replaceAll('\n', '\r\n')
/** The fields of a message of WebRTC's signalling, up to the text */
const SDP_OFFER = [0x08, 0x00, 0x12]
const ENDED = ['close', 'remoteCloseWrite']
const [link, author, file] = process.argv.slice(2)
const writeDown = hearEverything()
const { peer, inside } = await startPeer()
const invite = decodeInvite(link)

function random (length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** A message of less than 16 KiB behind its length */
function frame (message: Uint8Array): Uint8Array {
  const { length } = message

  return Uint8Array.of(...length < 128 ? [length] : [length & 127 | 128, length >> 7], ...message)
}

/** Sends each message when something came back for the one before, and resolves with all that came */
async function exchange (connection: Connection, protocol: string, messages: Uint8Array[]): Promise<Buffer> {
  const heard: Uint8Array[] = []

  try {
    const stream = await connection.newStream(protocol, { runOnLimitedConnection: true })
    const waiting = messages.map(frame)
    const sendNext = (): void => {
      const next = waiting.shift()

      if (next != null) {
        stream.send(next)
      }
    }

    stream.addEventListener('message', ({ data }) => {
      heard.push(data.subarray())
      sendNext()
    })

    const ended = new Promise(resolve => { ENDED.forEach(name => { stream.addEventListener(name as 'close', resolve) }) })

    sendNext()
    await ended
  } catch {
    // it was reset before anything could be sent
  }

  return Buffer.concat(heard)
}

/** The types of the messages in what came */
function types (bytes: Buffer): string[] {
  const found: string[] = []

  for (let at = 0; at < bytes.length; at += 1 + bytes[at]) {
    found.push((decodeCanonical(bytes.subarray(at + 1, at + 1 + bytes[at]), { maxBytes: 128, maxDepth: 4, maxItems: 16 }) as { type: string }).type)
  }

  return found
}

await peer.addRelay(invite.relays[0])
await connected(peer)
await peer.join('Mallory')

const identified = new Promise<unknown>(resolve => {
  inside.events.addEventListener('peer:identify', ({ detail }) => {
    if (detail.peerId.toString() === author) {
      resolve({ ...detail, connection: undefined })
    }
  })
})
const met = new Promise<Connection>(resolve => {
  inside.events.addEventListener('connection:open', ({ detail }) => {
    if (detail.remotePeer.toString() === author) {
      resolve(detail)
    }
  })
})

await peer.acceptInvite({ ...invite, token: random(16), devices: [author] })

const connection = await met
const identity = toText(await identified)
const signalling = await exchange(connection, '/webrtc-signaling/0.0.1', [Uint8Array.of(...SDP_OFFER, ...frame(Buffer.from(OFFER)))])
const hello = await exchange(connection, '/pergola/hello/1.0.0', [
  encode({ type: 'hello', nonce: random(32) }),
  encode({ type: 'proof', token: { id: random(8), mac: random(32) } })
])

await writeDown(file)
say('probed', { limited: connection.limits != null, identity, signalling: signalling.length, hello: types(hello), paths: peer.connection().people.map(({ path }) => path) })
