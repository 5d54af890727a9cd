import { expect } from 'aegir/chai'
import { toHex } from '../../src/ids.ts'
import { memoryDisk, memoryStore, migrate } from '../../src/storage/index.ts'
import type { Store } from '../../src/interface.ts'
import type { Migration } from '../../src/storage/index.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const schemaKey = new TextEncoder().encode('schema')

/** Adds its number to what is under the key 1 */
function appending (number: number, done: number[]): Migration {
  return async store => {
    done.push(number)

    return [{ type: 'put', key: bytes(1), value: Uint8Array.of(...await store.get(bytes(1)) ?? [], number) }]
  }
}

describe('schema', () => {
  let done: number[]
  let migrations: Migration[]

  beforeEach(() => {
    done = []
    migrations = [1, 2, 3].map(number => appending(number, done))
  })

  async function schemaOf (store: Store): Promise<string> {
    return toHex(await store.get(schemaKey) ?? bytes())
  }

  it('[ST50] an empty store is of the newest version, and nothing is done to it', async () => {
    const store = memoryStore()

    expect(await migrate(store, migrations)).to.equal(3)
    expect(await migrate(store, migrations)).to.equal(3)
    expect(done).to.deep.equal([])
    expect(await schemaOf(store)).to.equal('03')
  })

  it('[ST50] a store with records and no version is of version 0', async () => {
    const store = memoryStore()
    await store.put(bytes(1), bytes(0))

    expect(await migrate(store, migrations)).to.equal(3)
    expect(await store.get(bytes(1))).to.deep.equal(bytes(0, 1, 2, 3))
  })

  it('[ST51] does what is missing, in order, once', async () => {
    const store = memoryStore()
    await store.put(bytes(1), bytes(0))
    await migrate(store, migrations.slice(0, 1))
    expect(await schemaOf(store)).to.equal('01')

    await migrate(store, migrations)
    await migrate(store, migrations)

    expect(done).to.deep.equal([1, 2, 3])
    expect(await store.get(bytes(1))).to.deep.equal(bytes(0, 1, 2, 3))
  })

  it('[ST51] a migration is done wholly or not at all, whenever the power is cut', async () => {
    const disk = memoryDisk()
    await disk.open().put(bytes(1), bytes(0), { durability: 'strict' })
    const broken: Migration = async () => {
      throw new Error('power cut')
    }

    await expect(migrate(disk.open(), [migrations[0], broken])).to.eventually.be.rejectedWith('power cut')
    disk.powerCut()

    const store = disk.open()
    expect(await schemaOf(store)).to.equal('01')
    expect(await store.get(bytes(1))).to.deep.equal(bytes(0, 1))

    await migrate(store, migrations)
    disk.powerCut()

    expect(await disk.open().get(bytes(1))).to.deep.equal(bytes(0, 1, 2, 3))
  })

  it('[ST52] does not open what a later version wrote', async () => {
    const store = memoryStore()
    await migrate(store, migrations)

    await expect(migrate(store, migrations.slice(0, 2))).to.eventually.be.rejectedWith(/update/).with.property('name', 'SchemaNewerError')
  })
})
