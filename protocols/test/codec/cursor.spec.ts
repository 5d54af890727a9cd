import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { CborCursor, headLength, MISMATCH, writeHead } from '../../src/codec/cursor.ts'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { fromHex, identityId, spaceId } from '../../src/ids.ts'
import { readHeaderBytes, readPartsBytes } from '../../src/log/entry-bytes.ts'
import { encodeEntry, signEntry } from '../../src/log/entry.ts'
import { cases } from '../cases.ts'
import type { Entry, EntryHeader } from '../../src/log/entry.ts'

const filled = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

async function entries (): Promise<Entry[]> {
  const signer = await signerFromSeed(filled(1))
  const shared = { space: spaceId(filled(2)), identity: identityId(filled(3)), rec: 300 }
  const first = await signEntry(signer, { ...shared, seq: 0, prev: null, time: 1_700_000_000_000 }, Uint8Array.of(1, 2, 3))
  const later = await signEntry(signer, { ...shared, seq: 70_000, prev: first.id, time: 5 }, new Uint8Array(300))
  const sealed = await signEntry(signer, { ...shared, seq: 1, prev: first.id, time: 2 ** 40, epoch: new Uint8Array(16) }, new Uint8Array(30_000))

  return [first, later, sealed]
}

/** Bytes removed and put in somewhere, or one replaced */
const mutation = fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.uint8Array({ maxLength: 2 }))

function mutate (bytes: Uint8Array, mutations: Array<[from: number, removed: number, inserted: Uint8Array]>): Uint8Array {
  return mutations.reduce((current, [from, removed, inserted]) => {
    const at = from % (current.length + 1)

    return concat([current.subarray(0, at), inserted, current.subarray(at + removed)])
  }, bytes)
}

describe('reading piece by piece', () => {
  it(`[EN1] takes a number exactly where it is whole and in its shortest form, in ${cases} cases`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 10 }), rest => {
      for (const info of [...rest.subarray(0, 1), 23, 24, 25, 26, 27, 28, 31]) {
        const bytes = Uint8Array.of(info & 31, ...rest.subarray(1))
        const cursor = new CborCursor(bytes)
        const argument = cursor.head(0)
        let value: unknown

        try {
          value = decodeCanonical(bytes.subarray(0, argument === MISMATCH ? bytes.length : cursor.at), { maxBytes: 16 })
        } catch {
          value = MISMATCH
        }

        // beyond the safe integers it is left to the decoder
        expect(typeof value === 'bigint' ? MISMATCH : value).to.equal(argument)
      }
    }), { numRuns: cases })
  })

  it('[EN1] writes the heads that the encoder writes', () => {
    for (const length of [0, 1, 23, 24, 255, 256, 65_535, 65_536, 100_000]) {
      const head = new Uint8Array(headLength(length))

      expect(writeHead(head, 0, 2, length)).to.equal(head.length)
      expect(head).to.deep.equal(encode(new Uint8Array(length)).subarray(0, head.length))
    }
  })

  it(`[EN1] accepts no entry that the decoder refuses, and reads the same in it, in ${cases} cases`, async function () {
    this.timeout(120_000)

    const known = await entries()

    for (const entry of known) {
      expect(readHeaderBytes(entry.headerBytes), 'the short way is taken').to.deep.equal(entry.header)
    }

    fc.assert(fc.property(fc.constantFrom(...known), fc.array(mutation, { maxLength: 2 }), (entry, mutations) => {
      const bytes = mutate(entry.headerBytes, mutations)
      const header = readHeaderBytes(bytes)

      if (header != null) {
        const fields = decodeCanonical(bytes, { maxBytes: 1_024 }) as Record<keyof EntryHeader, unknown>

        expect(fields).to.deep.include({
          v: 1,
          rec: header.rec,
          seq: header.seq,
          time: header.time,
          size: header.size,
          space: fromHex(header.space),
          identity: fromHex(header.identity),
          device: fromHex(header.device)
        })
      }

      const stored = mutate(encodeEntry(entry), mutations)
      const parts = readPartsBytes(stored)

      if (parts != null) {
        expect(decodeCanonical(stored, { maxBytes: 65_536 })).to.deep.equal([parts.headerBytes, parts.signature, parts.payload ?? null])
      }
    }), { numRuns: cases })
  })
})
