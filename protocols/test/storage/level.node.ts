import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { openLevelStore } from '../../src/storage/level.ts'
import { storeSuite } from '../../src/testing/store-suite.ts'
import type { StoreOp } from '../../src/interface.ts'

const COUNT = 2_000

function numbered (n: number): Uint8Array {
  return Uint8Array.of(n >> 8, n & 0xff)
}

function puts (version: number): StoreOp[] {
  return Array.from({ length: COUNT }, (_, n) => ({ type: 'put', key: numbered(n), value: new Uint8Array(200).fill(version) }))
}

describe('level', () => {
  let folder: string
  let count = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-level-'))
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  function freshPath (): string {
    return join(folder, `${count++}`)
  }

  /** A closed store whose records are partly in tables, partly in the log */
  async function written (): Promise<string> {
    const path = freshPath()
    const store = await openLevelStore(path)
    await store.batch(puts(1), { durability: 'strict' })
    await store.close()

    // opening moves what is in the log to a table
    const again = await openLevelStore(path)
    await again.batch(puts(2).slice(0, 100), { durability: 'strict' })
    await again.close()

    return path
  }

  async function checkContent (path: string, repaired: boolean): Promise<void> {
    const store = await openLevelStore(path)

    try {
      expect(store.repaired).to.equal(repaired)

      let seen = 0

      for await (const [key, value] of store.range()) {
        expect(key).to.deep.equal(numbered(seen))
        expect(value[0]).to.equal(seen < 100 ? 2 : 1)
        seen++
      }

      expect(seen).to.equal(COUNT)
    } finally {
      await store.close()
    }
  }

  async function fileOf (path: string, kind: RegExp): Promise<string> {
    const found = (await readdir(path)).filter(name => kind.test(name)).sort().at(-1)

    return join(path, found ?? expect.fail(`no ${String(kind)}`))
  }

  storeSuite('level', async () => openLevelStore(freshPath()))

  it('[ST14] keeps what was written when it is closed and opened again', async () => {
    await checkContent(await written(), false)
  })

  it('[ST14] refuses a folder that is open already, and opens it once it is closed', async () => {
    const path = freshPath()
    const store = await openLevelStore(path)

    await expect(openLevelStore(path)).to.eventually.be.rejected.with.property('name', 'StoreLockedError')
    await store.close()
    await (await openLevelStore(path)).close()
  })

  it('[ST15] repairs a CURRENT file that a crash left empty or torn', async () => {
    for (const content of ['', 'MANIFEST-0000']) {
      const path = await written()
      await writeFile(join(path, 'CURRENT'), content)
      await checkContent(path, true)
      await checkContent(path, false)
    }
  })

  it('[ST15] repairs a MANIFEST that is cut short, overwritten with zeros or gone', async () => {
    const damages: Array<(manifest: string) => Promise<void>> = [
      async manifest => truncate(manifest, 0),
      async manifest => truncate(manifest, 20),
      async manifest => writeFile(manifest, new Uint8Array(200)),
      async manifest => rm(manifest)
    ]

    for (const damage of damages) {
      const path = await written()
      await damage(await fileOf(path, /^MANIFEST/))
      await checkContent(path, true)
      await checkContent(path, false)
    }
  })

  it('[ST15] opens with a log whose last record is torn, and only that is lost', async () => {
    const path = freshPath()
    const store = await openLevelStore(path)
    await store.put(numbered(1), numbered(1), { durability: 'strict' })
    await store.put(numbered(2), new Uint8Array(1_000))
    await store.close()

    const log = await fileOf(path, /\.log$/)
    await truncate(log, 200)

    const again = await openLevelStore(path)
    expect(await again.getMany([numbered(1), numbered(2)])).to.deep.equal([numbered(1), undefined])
    await again.close()
  })

  it('[ST15] opens although a table is gone, with what is left', async () => {
    const path = await written()
    await rm(await fileOf(path, /\.ldb$/))

    const store = await openLevelStore(path)
    expect(store.repaired).to.equal(true)
    expect((await store.get(numbered(0)))?.[0]).to.equal(2)
    await store.close()
  })

  it('[ST15] says so when a folder cannot be opened for another reason', async () => {
    const path = join(folder, 'a file')
    await writeFile(path, 'not a folder')

    await expect(openLevelStore(path)).to.eventually.be
      .rejectedWith(/a file cannot be used for data: EEXIST/)
      .with.property('name', 'StoreOpenError')
  })
})
