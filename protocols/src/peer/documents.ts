import { decodeCanonical, encode } from '../codec/index.ts'
import type { Store } from '../interface.ts'

const encoder = new TextEncoder()
const MAX_DOCUMENT_BYTES = 1024 * 1024
const MAX_DOCUMENT_ITEMS = 100_000

/** One small value that is kept as a whole, for example the list of one's relays */
export interface Document<T> {
  get (): Promise<T>
  /**
   * Resolves once durable. Calls are done one after the other.
   *
   * @throws {MalformedError | LimitExceededError} if it could not be read again; nothing changes then
   */
  update (change: (value: T) => T): Promise<T>
}

export interface DocumentInit<T> {
  store: Store
  /** Where it is kept: unique within the store */
  name: string
  /** What it is before it was first written */
  initial: T
  /** Turns what was decoded into the value, or throws a named error */
  read (value: unknown): T
  /** Turns the value into what can be encoded */
  write (value: T): unknown
}

export function createDocument<T> (init: DocumentInit<T>): Document<T> {
  const key = encoder.encode(`document/${init.name}`)
  let known: T | undefined
  let queue: Promise<unknown> = Promise.resolve()

  function decode (bytes: Uint8Array): T {
    return init.read(decodeCanonical(bytes, { maxBytes: MAX_DOCUMENT_BYTES, maxItems: MAX_DOCUMENT_ITEMS }))
  }

  async function get (): Promise<T> {
    if (known === undefined) {
      const bytes = await init.store.get(key)

      known = bytes == null ? init.initial : decode(bytes)
    }

    return known
  }

  return {
    get,
    async update (change) {
      const run = queue.then(async () => {
        const next = change(await get())
        const bytes = encode(init.write(next))

        decode(bytes)
        await init.store.put(key, bytes, { durability: 'strict' })
        known = next

        return next
      })

      queue = run.catch(() => {})

      return run
    }
  }
}
