/** Bytes of so many; of an estimate when an archive is written */
export type OnProgress = (done: number, total: number) => void

/** Passes bytes on and tells how many there were */
export async function * counted (source: AsyncIterable<Uint8Array>, onBytes: (sum: number) => void): AsyncGenerator<Uint8Array> {
  let sum = 0

  for await (const bytes of source) {
    sum += bytes.length
    onBytes(sum)
    yield bytes
  }
}
