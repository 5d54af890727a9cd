/** Is connected to a relay, wants nothing, and writes down what it is told until it is ended. Arguments: link to the relay, a file. */
import { decodeRelayInfo } from '@pergola/protocols'
import { hearEverything } from './hear.ts'
import { connected, say, startPeer } from './people.ts'

const [relayLink, file] = process.argv.slice(2)
const writeDown = hearEverything()
const { peer } = await startPeer()

process.once('SIGTERM', () => {
  void writeDown(file).then(() => { process.exit(0) })
})

await peer.addRelay(decodeRelayInfo(Buffer.from(new URL(relayLink).hash.replace('#relay=', ''), 'base64url')))
await connected(peer)
say('connected')
