/** Writes specs/vectors/{entry,fork-proof,receipt}.json: `node protocols/test/log/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { receiptVectors } from '../sync/receipt-vectors.ts'
import { entryVectors, forkProofVectors } from './log-vectors.ts'

const vectors = { entry: await entryVectors(), 'fork-proof': await forkProofVectors(), receipt: await receiptVectors() }

for (const [name, content] of Object.entries(vectors)) {
  writeFileSync(new URL(`../../specs/vectors/${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`)
}
