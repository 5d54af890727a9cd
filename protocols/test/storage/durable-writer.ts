/**
 * A process that writes and says what was acknowledged: `node durable-writer.ts PATH strict|relaxed COUNT`. For each record a line
 * `ack N`, written to the standard output as soon as its write resolved.
 */
import { writeSync } from 'node:fs'
import { openLevelStore } from '../../src/storage/level.ts'

const [path, durability, count] = process.argv.slice(2)
const encoder = new TextEncoder()
const store = await openLevelStore(path)

async function write (n: number): Promise<void> {
  const record = encoder.encode(`record-${String(n).padStart(6, '0')}`)

  await store.batch([{ type: 'put', key: record, value: record }], { durability: durability as 'strict' | 'relaxed' })
  writeSync(1, `ack ${n}\n`)
}

// one at a time, then several at once, as posts come: both ways must hold
for (let n = 0; n < Number(count);) {
  const together = n % 10 < 5 ? 1 : 5
  await Promise.all(Array.from({ length: Math.min(together, Number(count) - n) }, async (_, i) => write(n + i)))
  n += together
}

await store.close()
