import { randomBytes } from 'node:crypto'
import { encodePayload, proveDevice, publicWall, rootFromEntropy, signEntry, signerFromSeed, signRecord, systemRandom } from '@pergola/protocols'
import type { Entry, SignedRecord, SpaceId } from '@pergola/protocols'

/** Bytes of text that make an entry's payload about 300 bytes long */
const TEXT_BYTES = 250

export interface WrittenWall {
  space: SpaceId
  record: SignedRecord
  /** Oldest first */
  entries: Entry[]
}

/** A wall of so many posts, all by one device */
export async function writeWall (posts: number): Promise<WrittenWall> {
  const root = await rootFromEntropy(randomBytes(16))
  const signer = await signerFromSeed(randomBytes(32))
  const { identity } = root
  const space = publicWall(identity)
  const device = await proveDevice(signer, { identity, x25519: randomBytes(32), role: 'client', from: 0 })
  const record = await signRecord(root, { devices: [device], closed: [], reading: randomBytes(32), publish: randomBytes(32), time: 1 })
  const entries: Entry[] = []

  for (let seq = 0; seq < posts; seq++) {
    const text = randomBytes(TEXT_BYTES).toString('base64').slice(0, TEXT_BYTES)
    const prev = entries[seq - 1]?.id ?? null

    entries.push(await signEntry(signer, { space, identity, rec: 0, seq, prev, time: 1_700_000_000_000 + seq }, encodePayload({ kind: 'post', text }, systemRandom)))
  }

  return { space, record, entries }
}
