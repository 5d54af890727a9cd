/** Begins with nothing, fetches a wall, and tells how long it took until all of it was durable. */
import { subscribe } from 'node:diagnostics_channel'
import { parseArgs } from 'node:util'
import { multiaddr } from '@multiformats/multiaddr'
import { spaceId, systemClock } from '@pergola/protocols'
import { createLog } from '@pergola/protocols/log'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { sync } from '@pergola/protocols/sync'
import { createLoopbackNode } from '../node.ts'
import { tell } from '../programs.ts'
import { measureVerifyRate } from './verify-rate.ts'
import type { SpaceId } from '@pergola/protocols'
import type { Log } from '@pergola/protocols/log'
import type { Socket } from 'node:net'

/** Resolves once so many entries of a space are durable */
async function holds (log: Log, space: SpaceId, posts: number): Promise<void> {
  let held = 0

  await new Promise<void>(resolve => {
    log.addEventListener('entries:added', ({ detail }) => {
      held += detail.space === space ? detail.entries.length : 0

      if (held === posts) {
        resolve()
      }
    })
  })
}

async function main (): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      addresses: { type: 'string' },
      space: { type: 'string' },
      posts: { type: 'string' },
      signatures: { type: 'string' }
    }
  })
  const posts = Number(values.posts)
  const space = spaceId(Buffer.from(values.space ?? '', 'hex'))
  const sockets: Socket[] = []
  const received = (): number => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0)

  subscribe('net.client.socket', message => { sockets.push((message as { socket: Socket }).socket) })

  const store = await openLevelStore(values.folder ?? '')
  const log = createLog({ store, clock: systemClock, signatures: values.signatures === 'all' ? 'all' : 'heads' })
  const node = await createLoopbackNode({ sync: sync({ log, admits: () => true }) })
  const { remotePeer } = await node.dial((values.addresses ?? '').split(',').map(address => multiaddr(address)))
  const rateBefore = measureVerifyRate()
  const bytesBefore = received()
  const complete = holds(log, space, posts)
  const begin = performance.now()

  await node.services.sync.open(remotePeer, space)
  await complete

  const seconds = (performance.now() - begin) / 1000
  const bytes = received() - bytesBefore

  const chains = await log.chains(space)
  const held = chains.flatMap(({ ranges }) => ranges).reduce((sum, { from, to }) => sum + to - from + 1, 0)

  tell({ event: 'done', seconds, bytes, held, verifyRate: (rateBefore + measureVerifyRate()) / 2 })
  await node.stop()
  await store.close()
}

await main()
process.exit(0)
