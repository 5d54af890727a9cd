/**
 * A process that writes to a sealed store in a folder and says what was acknowledged: `node sealed-writer.ts PATH`. For each record a line
 * `ack N`, written to the standard output as soon as its write resolved. It makes the store where there is none.
 */
import { writeSync } from 'node:fs'
import { openLevelStore } from '../../../src/storage/level.ts'
import { createSealedStore, openSealedStore } from '../../../src/storage/sealed/index.ts'
import { makeKeys } from './make-sealed.ts'

const encoder = new TextEncoder()
const init = { store: await openLevelStore(process.argv[2]), keys: await makeKeys(new Uint8Array(32)) }

if (await init.store.get(init.keys.root) == null) {
  await createSealedStore(init)
}

const store = await openSealedStore(init)

async function write (n: number): Promise<void> {
  const record = encoder.encode(`record-${String(n).padStart(6, '0')}`)
  // some are so large that they go into the tree at once, some so large that they have records of their own
  const value = new Uint8Array([3_000, 1_500, 100][n % 3]).fill(n)

  await store.batch([{ type: 'put', key: record, value }, { type: 'put', key: encoder.encode('head'), value: record }], { durability: 'strict' })
  writeSync(1, `ack ${n}\n`)
}

for (let n = 0; ;) {
  const together = n % 10 < 5 ? 1 : 5
  await Promise.all(Array.from({ length: together }, async (_, i) => write(n + i)))
  n += together
}
