import { openIdbStore } from '../../../src/storage/idb.ts'
import { storeSuite } from '../../../src/testing/store-suite.ts'
import { makeKeys, makeSealed } from './make-sealed.ts'

describe('sealed store in IndexedDB', () => {
  const names: string[] = []

  afterEach(() => {
    for (const name of names.splice(0)) {
      indexedDB.deleteDatabase(name)
    }
  })

  storeSuite('sealed, in IndexedDB', async () => {
    const name = `pergola-test-${crypto.randomUUID()}`
    names.push(name)

    return makeSealed(await openIdbStore(name), await makeKeys())
  })
})
