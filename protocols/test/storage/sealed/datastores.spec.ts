/** What libp2p and Helia keep, through our adapters, sealed: their own suites. */
import { interfaceBlockstoreTests } from 'interface-blockstore-tests'
import { interfaceDatastoreTests } from 'interface-datastore-tests'
import { storeBlockstore } from '../../../src/media/store-blockstore.ts'
import { storeDatastore } from '../../../src/media/store-datastore.ts'
import { memoryStore } from '../../../src/storage/index.ts'
import { makeKeys, makeSealed } from './make-sealed.ts'

describe('datastore over a sealed store', () => {
  interfaceDatastoreTests({
    setup: async () => storeDatastore(await makeSealed(memoryStore(), await makeKeys())),
    teardown () {}
  })
})

describe('blockstore over a sealed store', () => {
  interfaceBlockstoreTests({
    setup: async () => storeBlockstore(await makeSealed(memoryStore(), await makeKeys())),
    teardown () {}
  })
})
