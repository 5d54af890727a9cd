/** Secrets of the `reading` keys that own devices share: the one in use and the older ones, by which what was sealed to them still opens. */
import { x25519 } from '@noble/curves/ed25519.js'
import { sameBytes } from '../codec/index.ts'
import type { KeyStore } from './key-store.ts'
import type { Random } from '../interface.ts'

const SECRET_BYTES = 32

export interface ReadingKeys {
  /** Newest first: the one in use, if it is known here, and older ones */
  all (): Promise<Uint8Array[]>
  /** Public key of a new secret, which is durable by then and the one in use; the one before is kept */
  renew (): Promise<Uint8Array>
  /** Takes secrets that another own device knows, newest first; those known already stay where they are */
  learn (secrets: Uint8Array[]): Promise<void>
}

export function readingKeys ({ keys, random }: { keys: KeyStore, random: Random }): ReadingKeys {
  let queue: Promise<unknown> = Promise.resolve()

  async function inTurn<T> (work: () => Promise<T>): Promise<T> {
    const run = queue.then(work)

    queue = run.catch(() => {})

    return run
  }

  async function older (): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    let secret = await keys.get('reading-0')

    while (secret != null) {
      found.unshift(secret)
      secret = await keys.get(`reading-${found.length}`)
    }

    return found
  }

  /** Puts a secret in front. Power may fail between the two writes: then the one in front stands among the older ones as well */
  async function prepend (secret: Uint8Array): Promise<void> {
    const [current, rest] = [await keys.get('reading'), await older()]

    if (current != null && !rest.some(each => sameBytes(each, current))) {
      await keys.put(`reading-${rest.length}`, current)
    }

    await keys.put('reading', secret)
  }

  async function all (): Promise<Uint8Array[]> {
    const [current, rest] = [await keys.get('reading'), await older()]

    return current == null ? rest : [current, ...rest.filter(secret => !sameBytes(secret, current))]
  }

  return {
    all: async () => inTurn(all),

    renew: async () => inTurn(async () => {
      const secret = random.bytes(SECRET_BYTES)

      await prepend(secret)

      return x25519.getPublicKey(secret)
    }),

    learn: async secrets => inTurn(async () => {
      const known = await all()

      for (const secret of secrets.toReversed()) {
        if (!known.some(each => sameBytes(each, secret))) {
          await prepend(secret)
        }
      }
    })
  }
}
