import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { CborCursor } from '../../src/codec/cursor.ts'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { MAX_FORK_PROOF_BYTES, MAX_FRAME_BYTES, MAX_HEADER_BYTES } from '../../src/limits.ts'
import { readHeaderBytes, readPartsBytes } from '../../src/log/entry-bytes.ts'
import { decodeHeld, encodeHeld } from '../../src/log/held.ts'
import { decodeEntry, decodeForkProof, encodeEntry, makeForkProof, signEntry } from '../../src/log/index.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import { FUZZ_CASES, hostileBytes, survives } from './fuzz.ts'
import type { Entry } from '../../src/log/index.ts'

describe('decoders of the log', function () {
  this.timeout(120_000)

  let entries: Entry[]
  let stored: Uint8Array[]

  before(async () => {
    const anna = await person('anna')

    entries = await writeChain(anna, 3)
    entries.push(await signEntry(anna.signers[0], {
      space: anna.space, identity: anna.identity, rec: 300, seq: 2 ** 40, prev: entries[0].id, time: 2 ** 41, epoch: new Uint8Array(16).fill(3)
    }, new Uint8Array(300)))
    stored = entries.map(entry => encodeEntry(entry))
    stored.push(encodeEntry(entries[0], false))
  })

  it('[LG6] entries: anything else ends with a named error, soon', async () => {
    await survives(stored, MAX_FRAME_BYTES, decodeEntry)
  })

  it('[LG45] fork proofs: anything else ends with a named error, soon', async () => {
    const anna = await person('anna')
    const [other] = await writeChain(anna, 1, { after: entries[0], text: 'other' })
    const { bytes } = await makeForkProof(
      { headers: [entries[2].headerBytes, entries[1].headerBytes], signature: entries[2].signature },
      { headers: [other.headerBytes], signature: other.signature }
    )

    await survives([bytes], MAX_FORK_PROOF_BYTES, decodeForkProof)
  })

  it('[LG5] the short way through a header finds the same as the long way, and accepts no more', () => {
    const headers = entries.map(({ headerBytes }) => headerBytes)

    for (const { header, headerBytes } of entries) {
      expect(readHeaderBytes(headerBytes)).to.deep.equal(header)
    }

    fc.assert(fc.property(hostileBytes(headers, MAX_HEADER_BYTES), bytes => {
      if (readHeaderBytes(bytes) != null) {
        decodeCanonical(bytes, { maxBytes: MAX_HEADER_BYTES })
      }
    }), { numRuns: FUZZ_CASES })
  })

  it('[LG5] the short way through a stored entry accepts no more than the long way', () => {
    fc.assert(fc.property(hostileBytes(stored, MAX_FRAME_BYTES), bytes => {
      const parts = readPartsBytes(bytes)

      if (parts != null && bytes.length <= MAX_FRAME_BYTES) {
        expect(encode([parts.headerBytes, parts.signature, parts.payload ?? null])).to.deep.equal(bytes)
      }
    }), { numRuns: FUZZ_CASES })
  })

  it('[LG5] numbers are only read in their shortest form', () => {
    for (const bytes of [[0x18, 23], [0x19, 0, 255], [0x1a, 0, 0, 255, 255], [0x1b, 0, 0, 0, 0, 255, 255, 255, 255], [0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0], [0x1c], [0x18]]) {
      expect(new CborCursor(Uint8Array.from(bytes)).head(0)).to.equal(-1)
    }

    for (const value of [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      expect(new CborCursor(encode(value)).head(0)).to.equal(value)
    }
  })

  it('[LG16] what is held of a chain is read back as it was written', () => {
    const id = entries[0].id

    for (const held of [
      { segments: [] },
      { segments: [{ from: 0, to: 5, below: null, top: id }, { from: 9, to: 9, below: id, top: id }], fork: 7 },
      { segments: [], fork: 0, cut: { seq: 3, id } }
    ]) {
      expect(decodeHeld(encodeHeld(held))).to.deep.equal(held)
    }
  })
})
