import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeySlots, openSealedStore } from '@pergola/protocols/storage'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { expect } from 'aegir/chai'
import { openDataFolder } from '../src/data-folder.ts'
import { deviceKeyFile } from '../src/device-key.ts'
import { openHomeVault } from '../src/home-vault.ts'
import type { DataFolder } from '../src/data-folder.ts'
import type { Store } from '@pergola/protocols'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const CANARY = 'a wall that somebody follows, by name'

async function bytesIn (path: string): Promise<Buffer> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })

  return Buffer.concat(await Promise.all(entries.filter(entry => entry.isFile()).map(async entry => readFile(join(entry.parentPath, entry.name)))))
}

interface Opened {
  store: Store
  repaired: boolean
  close (): Promise<void>
}

/** As a home node does it, up to where its peer has started */
async function openHomeStore (folder: DataFolder): Promise<Opened> {
  const home = await openHomeVault(folder)

  try {
    const store = await home.store()
    const { repaired } = home.vault

    await home.vault.forgetRepair()

    return { store, repaired, close: home.close }
  } catch (err) {
    await home.close()
    throw err
  }
}

async function keysOf (store: Store): Promise<string[]> {
  const keys: string[] = []

  for await (const [key] of store.range()) {
    keys.push(new TextDecoder().decode(key))
  }

  return keys
}

describe('store of the home node', () => {
  let folder: DataFolder

  beforeEach(async () => {
    folder = await openDataFolder(await mkdtemp(join(tmpdir(), 'home-store-')))
  })

  afterEach(async () => {
    await rm(folder.path, { recursive: true, force: true })
  })

  it('[E1] keeps what was written, and no file shows it', async () => {
    const first = await openHomeStore(folder)
    await first.store.put(bytes(`peer/${CANARY}`), bytes(CANARY), { durability: 'strict' })
    await first.close()

    const again = await openHomeStore(folder)
    expect(again.repaired).to.equal(false)
    expect(await again.store.get(bytes(`peer/${CANARY}`))).to.deep.equal(bytes(CANARY))
    await again.close()

    expect((await bytesIn(folder.path)).includes(CANARY)).to.equal(false)
  })

  it('[E1] [ST71] moves what an earlier version kept, and leaves no file that shows it', async () => {
    const plain = await openLevelStore(folder.old.store)
    await plain.batch(Array.from({ length: 600 }, (_, n) => ({ type: 'put', key: bytes(`peer/${n} ${CANARY}`), value: bytes(CANARY) })))
    const before = await keysOf(plain)
    await plain.close()
    expect((await bytesIn(folder.path)).includes(CANARY)).to.equal(true)

    const { store, close } = await openHomeStore(folder)
    expect((await keysOf(store)).filter(key => key !== 'schema')).to.deep.equal(before)
    await close()

    expect((await bytesIn(folder.path)).includes(CANARY)).to.equal(false)
    expect(await readdir(folder.path)).to.have.members(['keys', 'records'])
  })

  it('[E1] [ST110] moves what the version between kept: sealed, with an interrupted move beside it', async () => {
    const key = await deviceKeyFile(folder.keys).make()
    const level = await openLevelStore(folder.old.store)
    const between = await openSealedStore({ store: level, keys: await createKeySlots({ store: level, secret: { kind: 'device', key } }) })
    await between.put(bytes('peer/moved'), bytes('0'), { durability: 'strict' })
    await between.close()
    await level.close()
    const rest = await openLevelStore(folder.old.rest)
    await rest.put(bytes('peer/rest'), bytes('1'))
    await rest.close()

    const { store, close } = await openHomeStore(folder)
    expect(await keysOf(store)).to.deep.equal(['peer/moved', 'peer/rest', 'schema'])
    await close()
    expect(await readdir(folder.path)).to.have.members(['keys', 'records'])
  })

  it('[E1] says so when the key file is another one, and opens again with the right one', async () => {
    await (await openHomeStore(folder)).close()
    const right = await readFile(folder.keys)
    await writeFile(folder.keys, randomBytes(32))
    await expect(openHomeStore(folder)).to.eventually.be.rejectedWith(/put the one back/).with.property('name', 'WrongKeyFileError')

    await writeFile(folder.keys, right)
    await (await openHomeStore(folder)).close()
  })

  it('[E1] [ST69] after damage, the next start has what is left, and says that it was repaired', async () => {
    const puts = Array.from({ length: 100 }, (_, n) => ({ type: 'put' as const, key: bytes(`peer/${String(n).padStart(4, '0')}`), value: randomBytes(500) }))
    const first = await openHomeStore(folder)
    await first.store.batch(puts, { durability: 'strict' })
    await first.close()

    const level = await openLevelStore(folder.records)
    const names: Uint8Array[] = []

    for await (const [name] of level.range()) {
      names.push(name)
    }

    await level.close()
    const store = await openLevelStore(folder.records)
    await store.delete(names.find(({ length }) => length === 16) ?? bytes('none'))
    await store.close()

    // what is damaged at the top shows at once, everything else when it is read
    const damaged = await openHomeStore(folder)
    const read = await keysOf(damaged.store).catch((err: Error) => err.name)
    expect(damaged.repaired || read === 'StoreDamagedError').to.equal(true)
    await damaged.close()

    const mended = await openHomeStore(folder)
    expect(mended.repaired).to.equal(!damaged.repaired)
    await keysOf(mended.store)
    await mended.store.batch(puts)
    expect((await keysOf(mended.store)).filter(key => key.startsWith('peer/'))).to.have.lengthOf(puts.length)
    await mended.close()
    expect(await readdir(folder.path)).to.have.members(['keys', 'records'])
  })
})
