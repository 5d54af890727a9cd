/** Nothing that was put in can be found in the bytes that are kept. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { createSafeKey } from '../../../src/storage/index.ts'
import { openLevelStore } from '../../../src/storage/level.ts'
import { changeKeySlots, createKeySlots, eraseKeySlots, openKeySlots, openSealedStore } from '../../../src/storage/sealed/index.ts'
import { readKeyHeader } from '../../../src/storage/sealed/key-header.ts'
import type { Store } from '../../../src/interface.ts'

const CANARY_BYTES = 32
const cost = { memory: 1024, iterations: 1, parallelism: 1 }
const PASSPHRASE = 'Kq8vXw2mZp5tRb7nYc4hLd9sGf6jTa3e'

/** Every way in which bytes are likely to be written down; of base64, what does not depend on what is around */
function formsOf (canary: Uint8Array): Buffer[] {
  const hex = Buffer.from(canary).toString('hex')
  const base64 = [0, 1, 2].map(shift => Buffer.concat([Buffer.alloc(shift), canary]).toString('base64').slice(4, -4))

  return [
    Buffer.from(canary),
    Buffer.from(canary).reverse(),
    ...[hex, hex.toUpperCase(), ...base64, ...base64.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))]
      .flatMap(text => [Buffer.from(text), Buffer.from(text, 'utf16le')])
  ]
}

async function filesIn (folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })

  return Promise.all(entries.filter(entry => entry.isFile()).map(async entry => readFile(join(entry.parentPath, entry.name))))
}

async function found (folder: string, canaries: Uint8Array[]): Promise<number> {
  const files = await filesIn(folder)

  return canaries.filter(canary => formsOf(canary).some(form => files.some(file => file.includes(form)))).length
}

/** Canaries in keys and in values of all sizes, some of them replaced and deleted again */
async function fill (store: Store): Promise<Uint8Array[]> {
  const canaries: Uint8Array[] = []

  const canary = (): Buffer => {
    canaries.push(randomBytes(CANARY_BYTES))

    return Buffer.from(canaries[canaries.length - 1])
  }

  for (let round = 0; round < 5; round++) {
    const puts = Array.from({ length: 20 }, (_, i) => ({
      type: 'put' as const,
      key: Buffer.concat([Buffer.from('follows/'), canary()]),
      value: Buffer.concat([canary(), Buffer.alloc(i * 400), canary()])
    }))
    await store.batch(puts)
    await store.put(puts[0].key, canary())
    await store.delete(puts[1].key, { durability: 'strict' })
  }

  return canaries
}

describe('canaries', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-canary-'))
  })

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  it('[ST61] nothing of keys and values is in the files of a sealed store', async () => {
    const level = await openLevelStore(folder)
    const drawn: Uint8Array[] = []
    const random = {
      bytes (length: number) {
        const bytes = new Uint8Array(randomBytes(length))
        drawn.push(bytes.slice())

        return bytes
      }
    }
    await createKeySlots({ store: level, secret: { kind: 'passphrase', passphrase: PASSPHRASE }, cost, random })
    const { keys } = await openKeySlots({ store: level, secret: { kind: 'passphrase', passphrase: PASSPHRASE } })
    const sealed = await openSealedStore({ store: level, keys })
    const canaries = await fill(sealed)
    expect(await found(folder, canaries), 'while it is open').to.equal(0)

    await sealed.close()
    await level.close()
    // opening moves what is in the log to tables
    await (await openLevelStore(folder)).close()

    const masters = drawn.filter(({ length }) => length === 32)
    expect(masters).to.have.lengthOf(1)
    expect(await found(folder, [...canaries, ...masters, Buffer.from(PASSPHRASE)])).to.equal(0)
  })

  it('[ST61] the scan would find them: in a plain store it does', async () => {
    const level = await openLevelStore(folder)
    const canaries = await fill(level)
    await level.close()

    expect(await found(folder, canaries)).to.be.above(canaries.length * 0.9)
  })

  it('[ST16] [ST87] erased, no slot is in the files any more; [ST84] nor one that was removed', async () => {
    const level = await openLevelStore(folder)
    const forget = async (names: Uint8Array[]): Promise<void> => level.forget(names)
    const secret = { kind: 'device' as const, key: await createSafeKey() }
    const keys = await createKeySlots({ store: level, secret, cost })
    await changeKeySlots({ store: level, secret, changes: { add: { kind: 'passphrase', passphrase: PASSPHRASE } } })
    const { slots } = await readKeyHeader(level)
    await fill(await openSealedStore({ store: level, keys }))
    const parts = slots.map(slot => slot.slice(0, CANARY_BYTES))
    expect(await found(folder, parts), 'before').to.equal(slots.length)

    await changeKeySlots({ store: level, secret, changes: { remove: ['passphrase'] }, forget })
    expect(await found(folder, parts), 'one was removed').to.equal(slots.length - 1)

    await eraseKeySlots({ store: level, forget })
    expect(await found(folder, parts), 'erased').to.equal(0)
    await level.close()
  })
})
