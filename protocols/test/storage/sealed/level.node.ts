import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLevelStore } from '../../../src/storage/level.ts'
import { storeSuite } from '../../../src/testing/store-suite.ts'
import { makeKeys, makeSealed } from './make-sealed.ts'
import type { Store } from '../../../src/interface.ts'

describe('sealed store on disk', () => {
  let folder: string
  let opened: Store[] = []
  let count = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-sealed-'))
  })

  afterEach(async () => {
    await Promise.all(opened.map(async store => store.close()))
    opened = []
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  storeSuite('sealed, in level', async () => {
    const below = await openLevelStore(join(folder, `${count++}`))
    opened.push(below)

    return makeSealed(below, await makeKeys())
  })
})
