/** An author whose node listens, as one in a LAN may. Arguments: own addresses with commas between them, link to the relay, how many posts to write. */
import { decodeRelayInfo } from '@pergola/protocols'
import { connected, say, startPeer } from './people.ts'

const [addresses, relayLink, count] = process.argv.slice(2)
const { peer, inside } = await startPeer(addresses.split(',').map(address => `/ip4/${address}/tcp/4001/ws`))

await peer.addRelay(decodeRelayInfo(Buffer.from(new URL(relayLink).hash.replace('#relay=', ''), 'base64url')))
await connected(peer)
await peer.join('Ada')

const picture = crypto.getRandomValues(new Uint8Array(60_000))
const added = await peer.media.add(picture)
const ref = { ...added, type: 'image/jpeg', width: 640, height: 480 }

for (let number = 1; number <= Number(count); number++) {
  await peer.posts.post({ text: `Number ${number}`, ...(number === Number(count) ? { images: [{ small: ref, large: ref, blur: new Uint8Array(), alt: '' }] } : {}) })
}

// an invite exists, so that there is something to say about this device to those who have it
await peer.createInvite({ uses: 1, lifetime: 60_000 })
say('ready', { link: `http://author.invalid/#i=${await peer.createPublicLink()}`, peer: inside.peerId.toString(), key: Buffer.from(inside.peerId.toMultihash().digest.slice(-32)).toString('hex') })
peer.addEventListener('connection:changed', () => { say('people', { people: peer.connection().people.length }) })
