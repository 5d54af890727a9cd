/** Writes specs/vectors/{ed25519,identity,encoding}.json: `node protocols/test/write-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { encodingVectors } from './codec/encoding-vectors.ts'
import { ed25519Vectors } from './identity/ed25519-vectors.ts'
import { identityVectors } from './identity/identity-vectors.ts'

const vectors = { ed25519: ed25519Vectors(), identity: await identityVectors(), encoding: encodingVectors() }

for (const [name, content] of Object.entries(vectors)) {
  writeFileSync(new URL(`../specs/vectors/${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`)
}
