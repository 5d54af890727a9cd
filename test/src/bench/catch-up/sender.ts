/** Has a wall on disk and gives it to whoever connects. */
import { parseArgs } from 'node:util'
import { systemClock } from '@pergola/protocols'
import { createLog } from '@pergola/protocols/log'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { sync } from '@pergola/protocols/sync'
import { createLoopbackNode } from '../node.ts'
import { asked, tell } from '../programs.ts'
import { writeWall } from './wall.ts'

const BATCH = 1_000

async function main (): Promise<void> {
  const { values } = parseArgs({ options: { folder: { type: 'string' }, posts: { type: 'string' } } })
  const store = await openLevelStore(values.folder ?? '')
  const log = createLog({ store, clock: systemClock })
  const { space, record, entries } = await writeWall(Number(values.posts))

  await log.putRecord(record)

  for (let start = 0; start < entries.length; start += BATCH) {
    await log.ingest(space, entries.slice(start, start + BATCH).reverse())
  }

  const node = await createLoopbackNode({ sync: sync({ log, admits: () => true }) })

  tell({ event: 'ready', addresses: node.getMultiaddrs().map(String), space })
  await asked()
  await node.stop()
  await store.close()
}

await main()
process.exit(0)
