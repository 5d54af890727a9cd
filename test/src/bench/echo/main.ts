/** Sends back whatever it is sent over `/bench/echo`. */
import { createLoopbackNode } from '../node.ts'
import { asked, tell } from '../programs.ts'
import { ECHO_PROTOCOL } from './protocol.ts'

const node = await createLoopbackNode({})

await node.handle(ECHO_PROTOCOL, stream => {
  stream.addEventListener('message', ({ data }) => { stream.send(data) })
  stream.addEventListener('remoteCloseWrite', () => { void stream.close() })
})
tell({ event: 'ready', addresses: node.getMultiaddrs().map(String) })
await asked()
await node.stop()
process.exit(0)
