/** Dials a webrtc-direct address, prints the peer id it met. A program of its own: the native library may keep a process alive. */
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { webRTCDirect } from '@libp2p/webrtc'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const node = await createLibp2p({
  transports: [webRTCDirect({ rtcConfiguration: { iceServers: [] } })],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), ping: ping() }
})
const connection = await node.dial(multiaddr(process.argv[2]))
await node.services.ping.ping(connection.remotePeer)
process.stdout.write(`${connection.remotePeer.toString()}\n`)
await node.stop()
process.exit(0)
