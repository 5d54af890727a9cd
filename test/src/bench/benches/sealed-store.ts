import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createSealedStore, deriveStoreKeys, openSealedStore } from '@pergola/protocols/storage'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { percentile } from '../percentile.ts'
import type { Bench, BenchContext } from '../bench.ts'
import type { Store, StoreOp } from '@pergola/protocols'

const ROUNDS = 3
/** As a catch-up writes: entries of a chain, in the order of their keys */
const BATCHES = 20
const BATCH_OPS = 500
const ENTRY_BYTES = 600
/** As a live post writes: an entry, its chain, a receipt */
const POSTS = 500
const GETS = 2_000

type Rates = Record<'batch' | 'batchStrict' | 'post' | 'postStrict' | 'postsAtOnce' | 'get' | 'getMany' | 'range' | 'shortRange', number>

function keyOf (kind: string, seq: number): Uint8Array {
  return Buffer.concat([Buffer.from(kind), Buffer.alloc(96, kind), Buffer.from(seq.toString(16).padStart(12, '0'), 'hex')])
}

function entries (from: number, count: number): StoreOp[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'put', key: keyOf('Le', from + i), value: randomBytes(ENTRY_BYTES) }))
}

function post (seq: number): StoreOp[] {
  return [...entries(seq, 1), { type: 'put', key: keyOf('Lc', 0), value: randomBytes(200) }, { type: 'put', key: keyOf('R', 0), value: randomBytes(150) }]
}

/** Records in a second */
async function rate (records: number, action: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await action()

  return records / (performance.now() - start) * 1_000
}

async function measureStore (store: Store): Promise<Rates> {
  let seq = 0

  const batches = async (options: { durability: 'strict' | 'relaxed' }): Promise<number> => rate(BATCHES * BATCH_OPS, async () => {
    for (let i = 0; i < BATCHES; i++, seq += BATCH_OPS) {
      await store.batch(entries(seq, BATCH_OPS), options)
    }
  })
  const posts = async (options: { durability: 'strict' | 'relaxed' }): Promise<number> => rate(POSTS, async () => {
    for (let i = 0; i < POSTS; i++, seq++) {
      await store.batch(post(seq), options)
    }
  })
  const some = Array.from({ length: GETS }, (_, i) => keyOf('Le', i * 7_919 % (BATCHES * BATCH_OPS)))

  return {
    batch: await batches({ durability: 'relaxed' }),
    batchStrict: await batches({ durability: 'strict' }),
    post: await posts({ durability: 'relaxed' }),
    postStrict: await posts({ durability: 'strict' }),
    postsAtOnce: await rate(POSTS, async () => Promise.all(Array.from({ length: POSTS }, async () => store.batch(post(seq++), { durability: 'strict' })))),
    get: await rate(GETS, async () => {
      for (const key of some) {
        await store.get(key)
      }
    }),
    getMany: await rate(GETS, async () => store.getMany(some)),
    range: await rate(seq, async () => {
      for await (const [key] of store.range({ gte: keyOf('Le', 0) })) {
        if (key.length === 0) {
          return
        }
      }
    }),
    shortRange: await rate(GETS, async () => {
      for (const gte of some) {
        for await (const [key] of store.range({ gte, limit: 1 })) {
          if (key.length === 0) {
            return
          }
        }
      }
    })
  }
}

async function measureRound (context: BenchContext, round: number): Promise<{ plain: Rates, sealed: Rates }> {
  const open = async (name: string): Promise<Store> => {
    const store = await openLevelStore(join(context.work, `${name}-${round}`))
    context.later(async () => store.close())

    return store
  }
  const init = { store: await open('sealed'), keys: await deriveStoreKeys(randomBytes(32)) }
  await createSealedStore(init)

  return { plain: await measureStore(await open('plain')), sealed: await measureStore(await openSealedStore(init)) }
}

function medians (rounds: Rates[]): Rates {
  const names = Object.keys(rounds[0]) as Array<keyof Rates>

  return Object.fromEntries(names.map(name => [name, percentile(rounds.map(round => round[name]), 0.5)])) as Rates
}

export const bench: Bench = {
  title: `Records in a second in LevelDB, plain and sealed (medians of ${ROUNDS}): batches of ${BATCH_OPS} entries of ${ENTRY_BYTES} bytes, posts of three records, reads; ratio of sealed to plain`,

  async run (context) {
    const rounds: Array<{ plain: Rates, sealed: Rates }> = []

    for (let round = 0; round < ROUNDS; round++) {
      context.progress(`round ${round + 1}`)
      rounds.push(await measureRound(context, round))
    }

    const plain = medians(rounds.map(round => round.plain))
    const sealed = medians(rounds.map(round => round.sealed))
    const ratio = Object.fromEntries(Object.entries(sealed).map(([name, value]) => [name, value / plain[name as keyof Rates]]))

    return { plain, sealed, ratio }
  }
}
