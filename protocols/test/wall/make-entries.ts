/** Entries of one wall, made quickly: the reducer looks at no signature. */
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from '../../src/hash.ts'
import { identityId, publicWall } from '../../src/ids.ts'
import { signEntry } from '../../src/log/entry.ts'
import { encodePayload } from '../../src/wall/index.ts'
import type { EntryId, IdentityId, SpaceId } from '../../src/ids.ts'
import type { Random } from '../../src/interface.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { ImageRef, MediaRef, Payload } from '../../src/wall/index.ts'

export const OWNER = identityId(new Uint8Array(32).fill(7))
export const STRANGER = identityId(new Uint8Array(32).fill(9))

/** Counts up: every call gives other bytes, every run the same */
export function countingRandom (): Random {
  let count = 0

  return {
    bytes: length => {
      count++

      return Uint8Array.from({ length }, (_, i) => (count >>> (8 * (i % 4))) & 255)
    }
  }
}

export interface Writer {
  write (payload: Payload | Uint8Array, time: number): Promise<Entry>
}

/** One chain: entries with real ids and links, and an empty signature */
export function createWriter (init: { device?: number, identity?: IdentityId, space?: SpaceId } = {}): Writer {
  const { device = 1, identity = OWNER, space = publicWall(OWNER) } = init
  const publicKey = new Uint8Array(32).fill(device)
  const random = countingRandom()
  let seq = 0
  let prev: EntryId | null = null

  return {
    async write (payload, time) {
      const bytes = payload instanceof Uint8Array ? payload : encodePayload(payload, random)
      const entry = await signEntry({ publicKey, sign: async () => new Uint8Array(64) }, { space, identity, rec: 0, seq, prev, time }, bytes)

      seq++
      prev = entry.id

      return entry
    }
  }
}

export function withoutPayload (entry: Entry): Entry {
  const { payload, ...rest } = entry

  return rest
}

export function mediaRef (name: string): MediaRef {
  const cid = CID.createV1(0x70, Digest.create(0x12, sha256(new TextEncoder().encode(name))))

  return { cid, size: 1_000, type: 'image/webp', width: 1_280, height: 720 }
}

export function imageRef (name: string): ImageRef {
  return { small: mediaRef(`${name} small`), large: mediaRef(`${name} large`), blur: Uint8Array.of(1, 2, 3), alt: name }
}
