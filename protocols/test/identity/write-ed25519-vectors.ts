/** Writes specs/vectors/ed25519.json: `node protocols/test/identity/write-ed25519-vectors.ts` */
import { writeFileSync } from 'node:fs'
import { ed25519Vectors } from './ed25519-vectors.ts'

writeFileSync(new URL('../../specs/vectors/ed25519.json', import.meta.url), `${JSON.stringify(ed25519Vectors(), null, 2)}\n`)
