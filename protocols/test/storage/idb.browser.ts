import { expect } from 'aegir/chai'
import { openIdbStore } from '../../src/storage/idb.ts'
import { storeSuite } from '../../src/testing/store-suite.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('IndexedDB', () => {
  const names: string[] = []

  function freshName (): string {
    const name = `pergola-test-${crypto.randomUUID()}`
    names.push(name)

    return name
  }

  afterEach(() => {
    for (const name of names.splice(0)) {
      indexedDB.deleteDatabase(name)
    }
  })

  storeSuite('IndexedDB', async () => openIdbStore(freshName()))

  it('[ST20] keeps what was written when it is closed and opened again', async () => {
    const name = freshName()
    const store = await openIdbStore(name)
    await store.put(bytes(1), bytes(1), { durability: 'strict' })
    await store.close()

    const again = await openIdbStore(name)
    expect(await again.get(bytes(1))).to.deep.equal(bytes(1))
    await again.close()
  })

  it('[ST20] asks the browser for exactly the durability it was asked for', async () => {
    const store = await openIdbStore(freshName())
    const asked: Array<string | undefined> = []
    const { transaction } = IDBDatabase.prototype

    IDBDatabase.prototype.transaction = function (names, mode, options) {
      const made = transaction.call(this, names, mode, options)

      if (mode === 'readwrite') {
        asked.push(made.durability)
      }

      return made
    }

    try {
      await store.put(bytes(1), bytes(1), { durability: 'strict' })
      await store.put(bytes(1), bytes(1))
      await store.batch([{ type: 'delete', key: bytes(1) }], { durability: 'strict' })
      await store.delete(bytes(1), { durability: 'relaxed' })
    } finally {
      IDBDatabase.prototype.transaction = transaction
      await store.close()
    }

    expect(asked).to.deep.equal(['strict', 'relaxed', 'strict', 'relaxed'])
  })

  it('[ST21] lets the database be deleted, and is closed by it', async () => {
    const name = freshName()
    const store = await openIdbStore(name)

    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = resolve
      request.onerror = reject
    })

    await expect(store.get(bytes(1))).to.eventually.be.rejected.with.property('name', 'NotStartedError')
  })
})
