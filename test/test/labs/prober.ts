/**
 * A stranger who learnt the PeerId of the author's device by other means, and calls it through the relay: as our own program would with
 * a forged token, then with a bare offer of WebRTC, then with a bare hello. Arguments: the public link, the PeerId, a file.
 */
import { decodeCanonical, decodeInvite, encode } from '@pergola/protocols'
import { hearEverything } from './hear.ts'
import { connected, say, startPeer, toText } from './people.ts'

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof startPeer>>['inside']['connectionManager']['openConnection']>>

const ENDED = ['close', 'remoteCloseWrite']
const [link, author, file] = process.argv.slice(2)
const writeDown = hearEverything()
const { peer, inside } = await startPeer()
const invite = decodeInvite(link)

function random (length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}

/** A short message behind its length */
function frame (message: Uint8Array): Uint8Array {
  return Uint8Array.of(message.length, ...message)
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
// an offer as WebRTC's signalling has it: a type and a text
const offer = Buffer.from('v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n')
const signalling = await exchange(connection, '/webrtc-signaling/0.0.1', [Uint8Array.of(0x08, 0x00, 0x12, offer.length, ...offer)])
const hello = await exchange(connection, '/pergola/hello/1.0.0', [
  encode({ type: 'hello', nonce: random(32) }),
  encode({ type: 'proof', token: { id: random(8), mac: random(32) } })
])

await writeDown(file)
say('probed', { limited: connection.limits != null, identity, signalling: signalling.length, hello: types(hello), paths: peer.connection().people.map(({ path }) => path) })
