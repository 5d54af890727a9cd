import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLevelStore } from '../../src/storage/level.ts'
import { storeSuite } from '../../src/testing/store-suite.ts'

describe('level', () => {
  let folder: string
  let count = 0

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-level-'))
  })

  after(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  storeSuite('level', async () => openLevelStore(join(folder, `${count++}`)))
})
