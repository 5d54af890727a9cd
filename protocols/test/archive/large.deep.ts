import { expect } from 'aegir/chai'
import { openZip } from '../../src/archive/zip-reader.ts'
import { writeZip } from '../../src/archive/zip-writer.ts'
import { collect } from './support/bytes.ts'
import type { ArchiveFile } from '../../src/archive/index.ts'

const CHUNK = new Uint8Array(1024 * 1024)
const PAST_4_GIB = 4 * 1024 + 1

async function * zeros (count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) {
    yield CHUNK
  }
}

/** A file of which only what is not zero is kept */
async function sparse (source: AsyncIterable<Uint8Array>): Promise<ArchiveFile> {
  const pieces: Array<{ at: number, bytes: Uint8Array }> = []
  let size = 0

  for await (const bytes of source) {
    if (bytes.some(byte => byte !== 0)) {
      pieces.push({ at: size, bytes: bytes.slice() })
    }

    size += bytes.length
  }

  return {
    size,
    async read (offset, length) {
      const out = new Uint8Array(Math.min(length, size - offset))

      for (const { at, bytes } of pieces) {
        if (at < offset + out.length && at + bytes.length > offset) {
          out.set(bytes.subarray(Math.max(0, offset - at), offset + out.length - at), Math.max(0, at - offset))
        }
      }

      return out
    }
  }
}

describe('archive: large', () => {
  it('[AR1] a file of more than 4 GiB, and one that begins past them', async () => {
    const text = new TextEncoder().encode('the last one')
    const files = [{ name: 'large', input: zeros(PAST_4_GIB) }, { name: 'last', input: (async function * () { yield text })() }]
    const zip = await openZip(await sparse(writeZip(files, new Date())))
    let size = 0

    expect(await collect(zip.get('last')?.bytes() ?? zeros(0))).to.deep.equal(text)
    expect(zip.get('large')?.size).to.equal(PAST_4_GIB * CHUNK.length)

    for await (const bytes of zip.get('large')?.bytes() ?? []) {
      size += bytes.length
    }

    expect(size).to.equal(PAST_4_GIB * CHUNK.length)
  })
})
