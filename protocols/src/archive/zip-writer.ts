/** A ZIP as a stream that is pulled. Rules: specs/archive.md [AR1], [AR16]. */
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-custom.js'
import type { AbortOptions } from '../interface.ts'

export interface ZipInput {
  name: string
  input: AsyncIterable<Uint8Array>
}

/** Only what is asked for is read */
const NO_QUEUE = { highWaterMark: 0 }

function streamOf (iterator: AsyncIterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull (controller) {
      const { done, value } = await iterator.next()

      if (done === true) {
        controller.close()
      } else {
        controller.enqueue(value)
      }
    },
    async cancel () {
      await iterator.return?.()
    }
  }, NO_QUEUE)
}

/** Stored, not packed: pictures are as small as they can be, and signatures too */
export async function * writeZip (files: Iterable<ZipInput>, lastModDate: Date, { signal }: AbortOptions = {}): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const zip = new ZipWriter(writable, { level: 0, lastModDate, useWebWorkers: false })
  const chunks = readable.getReader()
  /** What is being read: to be let go of when the ZIP is left early */
  let reading: AsyncIterator<Uint8Array> | undefined

  async function writeAll (): Promise<void> {
    for (const { name, input } of files) {
      reading = input[Symbol.asyncIterator]()
      await zip.add(name, streamOf(reading))
    }

    await zip.close()
  }

  // it is the reading side that hears of a failure
  const writing = writeAll().then(() => undefined, async err => {
    await writable.abort(err).catch(() => {})

    return { err }
  })

  try {
    while (true) {
      signal?.throwIfAborted()

      const { done, value } = await chunks.read().catch(async err => { throw (await writing)?.err ?? err })

      if (done) {
        break
      }

      yield value
    }

    const failed = await writing

    if (failed != null) {
      throw failed.err
    }
  } finally {
    await chunks.cancel().catch(() => {})
    await reading?.return?.()
    await writing
  }
}
