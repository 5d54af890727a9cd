import { expect } from 'aegir/chai'
import { openZip } from '../../src/archive/zip-reader.ts'
import { writeZip } from '../../src/archive/zip-writer.ts'
import { errorName } from '../wall/to-json.ts'
import { collect, fileOf } from './support/bytes.ts'

const CHUNK_BYTES = 64 * 1024
const CHUNKS = 400
/** What may have been read and not been passed on */
const AHEAD_BYTES = 4 * 1024 * 1024

async function * chunks (onChunk: () => void, onEnd: () => void = () => {}): AsyncGenerator<Uint8Array> {
  try {
    for (let i = 0; i < CHUNKS; i++) {
      onChunk()
      yield new Uint8Array(CHUNK_BYTES).fill(i)
    }
  } finally {
    onEnd()
  }
}

describe('archive: the ZIP', () => {
  it('[AR16] reads no more ahead of whoever takes it than a little', async () => {
    let read = 0
    let written = 0
    let ahead = 0

    for await (const bytes of writeZip([{ name: 'large', input: chunks(() => { read += CHUNK_BYTES }) }], new Date())) {
      written += bytes.length
      ahead = Math.max(ahead, read - written)
    }

    expect(read).to.equal(CHUNKS * CHUNK_BYTES)
    expect(ahead).to.be.below(AHEAD_BYTES)
  })

  it('[AR16] unpacks no more ahead of whoever takes it than a little', async () => {
    const file = fileOf(await collect(writeZip([{ name: 'large', input: chunks(() => {}) }], new Date())))
    let read = 0
    let taken = 0
    let ahead = 0
    const large = (await openZip({
      size: file.size,
      read: async (offset, length) => {
        read += length

        return file.read(offset, length)
      }
    })).get('large')

    read = 0

    for await (const bytes of large?.bytes() ?? []) {
      taken += bytes.length
      ahead = Math.max(ahead, read - taken)
    }

    expect(taken).to.equal(CHUNKS * CHUNK_BYTES)
    expect(ahead).to.be.below(AHEAD_BYTES)
  })

  it('[AR16] lets go of what it reads when it is left early, or given up', async () => {
    const giving = new AbortController()
    let ended = 0
    const input = (): AsyncIterable<Uint8Array> => chunks(() => {}, () => { ended++ })

    for await (const bytes of writeZip([{ name: 'large', input: input() }], new Date())) {
      expect(bytes).to.not.be.empty()

      if (bytes.length > 1_000) {
        break
      }
    }

    expect(ended).to.equal(1)
    expect(await errorName(async () => {
      for await (const bytes of writeZip([{ name: 'large', input: input() }], new Date(), { signal: giving.signal })) {
        if (bytes.length > 1_000) {
          giving.abort()
        }
      }
    })).to.equal('AbortError')
    expect(ended).to.equal(2)
  })

  it('[AR16] what goes wrong while it reads is said as it is', async () => {
    async function * broken (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10)
      throw new RangeError('the disk is gone')
    }

    expect(await errorName(async () => collect(writeZip([{ name: 'one', input: broken() }], new Date())))).to.equal('RangeError')

    const zip = await collect(writeZip([{ name: 'one', input: chunks(() => {}) }], new Date()))
    let isGone = false
    const one = (await openZip({
      size: zip.length,
      read: async (offset, length) => {
        if (isGone) {
          throw new RangeError('the disk is gone')
        }

        return zip.slice(offset, offset + length)
      }
    })).get('one')

    isGone = true
    expect(await errorName(async () => collect(one?.bytes() ?? chunks(() => {})))).to.equal('RangeError')
  })
})
