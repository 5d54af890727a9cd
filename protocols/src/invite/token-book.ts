/** The issuer's side of tokens. Rules: specs/invite.md [IN34] to [IN39]. */
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readArray, readBytes, readUint, sameBytes } from '../codec/index.ts'
import { LimitExceededError } from '../errors.ts'
import { MAX_TIME } from '../limits.ts'
import { MAX_TOKEN_USES, MAX_TOKENS, SECRET_BYTES, TOKEN_ID_BYTES } from './constants.ts'
import { holderTag, tokenId, tokenKey, verifyToken } from './token.ts'
import type { Clock, Random, Store } from '../interface.ts'
import type { TokenBook, TokenProof } from './index.ts'

const PREFIX = new TextEncoder().encode('invite-token/')
const PREFIX_END = new TextEncoder().encode('invite-token0')
const MAX_VALUE_BYTES = 64 * 1024

interface Token {
  id: Uint8Array
  key: Uint8Array
  uses: number
  expires: number
  /** Tags of those who used it, in order */
  holders: Uint8Array[]
}

function storeKey (id: Uint8Array): Uint8Array {
  return concat([PREFIX, id])
}

function encodeToken ({ key, uses, expires, holders }: Token): Uint8Array {
  return encode([key, uses, expires, holders])
}

function decodeToken (id: Uint8Array, bytes: Uint8Array): Token {
  const [key, uses, expires, holders] = readArray(decodeCanonical(bytes, { maxBytes: MAX_VALUE_BYTES }), 'A token', 4)

  return {
    id,
    key: readBytes(key, 'key', 32),
    uses: readUint(uses, 'uses', MAX_TOKEN_USES),
    expires: readUint(expires, 'expires', MAX_TIME),
    holders: readArray(holders, 'holders', MAX_TOKEN_USES).map(holder => readBytes(holder, 'holder', 16))
  }
}

/** Keeps the tokens that this device issued, in a store of its own or a shared one */
export function createTokenBook (store: Store, clock: Clock, random: Random): TokenBook {
  let last: Promise<unknown> = Promise.resolve()

  /** One change after the other: two people must not both get the last use */
  async function inTurn<T> (work: () => Promise<T>): Promise<T> {
    const turn = last.then(work)

    last = turn.catch(() => {})

    return turn
  }

  async function all (): Promise<Token[]> {
    const tokens: Token[] = []

    for await (const [key, value] of store.range({ gte: PREFIX, lt: PREFIX_END })) {
      tokens.push(decodeToken(key.slice(PREFIX.length), value))
    }

    return tokens
  }

  async function find (proof: TokenProof): Promise<Token | undefined> {
    if (proof.id.length !== TOKEN_ID_BYTES) {
      return undefined
    }

    const bytes = await store.get(storeKey(proof.id))
    const token = bytes == null ? undefined : decodeToken(proof.id, bytes)

    return token != null && verifyToken(token.key, proof) && token.expires > clock.now() ? token : undefined
  }

  function isHolder ({ key, holders }: Token, holder: string): boolean {
    const tag = holderTag(key, holder)

    return holders.some(known => sameBytes(known, tag))
  }

  return {
    issue: async ({ uses, expires }) => inTurn(async () => {
      if (!Number.isSafeInteger(uses) || uses < 1 || uses > MAX_TOKEN_USES) {
        throw new LimitExceededError(`An invite can be used 1 to ${MAX_TOKEN_USES} times`)
      }

      const now = clock.now()
      const tokens = await all()
      const expired = tokens.filter(token => token.expires <= now)

      if (tokens.length - expired.length >= MAX_TOKENS) {
        throw new LimitExceededError(`There are ${MAX_TOKENS} open invites already: revoke one first`)
      }

      const secret = random.bytes(SECRET_BYTES)
      const token = { id: tokenId(secret), key: tokenKey(secret), uses, expires, holders: [] }

      await store.batch([
        ...expired.map(({ id }) => ({ type: 'delete' as const, key: storeKey(id) })),
        { type: 'put', key: storeKey(token.id), value: encodeToken(token) }
      ], { durability: 'strict' })

      return secret
    }),

    async check (proof, holder) {
      const token = await find(proof)

      return token != null && (token.holders.length < token.uses || isHolder(token, holder))
    },

    spend: async (proof, holder) => inTurn(async () => {
      const token = await find(proof)

      if (token == null) {
        return false
      }

      if (isHolder(token, holder)) {
        return true
      }

      if (token.holders.length >= token.uses) {
        return false
      }

      const value = encodeToken({ ...token, holders: [...token.holders, holderTag(token.key, holder)] })

      await store.put(storeKey(token.id), value, { durability: 'strict' })

      return true
    }),

    revoke: async id => inTurn(async () => {
      await store.delete(storeKey(id), { durability: 'strict' })
    }),

    async list () {
      return (await all()).map(({ id, uses, expires, holders }) => ({ id, uses, used: holders.length, expires }))
    }
  }
}
