import { expect } from 'aegir/chai'
import { toHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { createTokenBook, MAX_TOKEN_USES, MAX_TOKENS, proveToken, tokenId } from '../../src/invite/index.ts'
import { plainStore } from './plain-store.ts'
import type { PlainStore } from './plain-store.ts'
import type { TokenBook } from '../../src/invite/index.ts'

interface Desk {
  book: TokenBook
  store: PlainStore
  clock: { time: number, now (): number }
}

function desk (): Desk {
  const store = plainStore()
  const clock = { time: 1_000, now () { return this.time } }

  return { book: createTokenBook(store, clock, systemRandom), store, clock }
}

const message = Uint8Array.of(1, 2, 3)

describe('token book', () => {
  it('[IN34] a token is 16 random bytes, durable before it is given out', async () => {
    const { book, store } = desk()
    const first = await book.issue({ uses: 1, expires: 2_000 })
    const second = await book.issue({ uses: 1, expires: 2_000 })

    expect(first).to.have.length(16)
    expect(first).to.not.deep.equal(second)
    expect(store.writes).to.deep.equal(['strict', 'strict'])
  })

  it('[IN35] the store holds neither the token nor who used it', async () => {
    const { book, store } = desk()
    const token = await book.issue({ uses: 1, expires: 2_000 })

    await book.spend(proveToken(token, message), 'canary-peer')

    for await (const [key, value] of store.range()) {
      const all = toHex(key) + toHex(value)

      expect(all).to.not.include(toHex(token))
      expect(all).to.not.include(toHex(new TextEncoder().encode('canary-peer')))
    }
  })

  it('[IN36] as many people as it says may use it, each of them again and again; checking uses nothing up', async () => {
    const { book, store } = desk()
    const token = await book.issue({ uses: 2, expires: 2_000 })
    const proof = proveToken(token, message)

    for (let i = 0; i < 5; i++) {
      expect(await book.check(proof, `crawler ${i}`)).to.equal(true)
    }

    expect(await book.spend(proof, 'ada')).to.equal(true)
    expect(await book.spend(proof, 'ada')).to.equal(true)
    expect(await book.spend(proof, 'bob')).to.equal(true)
    expect(await book.spend(proof, 'eve')).to.equal(false)
    expect(await book.check(proof, 'eve')).to.equal(false)
    expect(await book.check(proof, 'bob')).to.equal(true)
    expect(await book.list()).to.deep.equal([{ id: tokenId(token), uses: 2, used: 2, expires: 2_000 }])
    expect(store.writes).to.deep.equal(['strict', 'strict', 'strict'])
  })

  it('[IN36] of many who come at once only so many get in', async () => {
    const { book } = desk()
    const proof = proveToken(await book.issue({ uses: 3, expires: 2_000 }), message)
    const answers = await Promise.all(Array.from({ length: 10 }, async (_, i) => book.spend(proof, `${i}`)))

    expect(answers.filter(Boolean)).to.have.length(3)
  })

  it('[IN36] a use counts also for a book that is opened later', async () => {
    const { book, store, clock } = desk()
    const proof = proveToken(await book.issue({ uses: 1, expires: 2_000 }), message)

    await book.spend(proof, 'ada')
    expect(await createTokenBook(store, clock, systemRandom).spend(proof, 'bob')).to.equal(false)
  })

  it('[IN37] a proof of another token, another message, or of a token nobody issued says nothing', async () => {
    const { book } = desk()
    const token = await book.issue({ uses: 5, expires: 2_000 })
    const good = proveToken(token, message)
    const wrong = [
      proveToken(new Uint8Array(16), message),
      { ...good, mac: proveToken(new Uint8Array(16), message).mac },
      { ...good, message: Uint8Array.of(1, 2, 4) },
      { ...good, mac: good.mac.subarray(0, 31) },
      { ...good, mac: new Uint8Array() },
      { ...good, id: new Uint8Array() },
      { ...good, id: new Uint8Array(600) }
    ]

    for (const proof of wrong) {
      expect(await book.check(proof, 'eve')).to.equal(false)
      expect(await book.spend(proof, 'eve')).to.equal(false)
    }

    expect((await book.list())[0].used).to.equal(0)
  })

  it('[IN38] an expired or revoked token is of no use, also to those who used it', async () => {
    const { book, clock } = desk()
    const short = proveToken(await book.issue({ uses: 5, expires: 1_500 }), message)
    const token = await book.issue({ uses: 5, expires: 9_000 })
    const long = proveToken(token, message)

    expect(await book.spend(short, 'ada')).to.equal(true)
    expect(await book.spend(long, 'ada')).to.equal(true)
    clock.time = 1_500
    expect(await book.spend(short, 'ada')).to.equal(false)
    await book.revoke(tokenId(token))
    expect(await book.spend(long, 'ada')).to.equal(false)
  })

  it('[IN39] there is an end to uses and tokens; expired ones make room', async () => {
    const { book, clock } = desk()

    await book.issue({ uses: MAX_TOKEN_USES, expires: 1_001 })

    for (const uses of [0, MAX_TOKEN_USES + 1, 1.5, Number.NaN]) {
      await expect(book.issue({ uses, expires: 2_000 })).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    }

    for (let i = 1; i < MAX_TOKENS; i++) {
      await book.issue({ uses: 1, expires: 2_000 })
    }

    await expect(book.issue({ uses: 1, expires: 2_000 })).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
    clock.time = 1_001
    await book.issue({ uses: 1, expires: 2_000 })
    expect(await book.list()).to.have.length(MAX_TOKENS)
  })
})
