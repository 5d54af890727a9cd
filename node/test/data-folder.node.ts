import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'aegir/chai'
import { defaultDataPath, HARMLESS_NAME, locateDataFolder, openDataFolder } from '../src/data-folder.ts'
import { testFolder } from './support/folders.ts'
import type { TestFolder } from './support/folders.ts'

describe('data folder of a home node', () => {
  let folder: TestFolder

  beforeEach(async () => { folder = await testFolder() })
  afterEach(async () => { await folder.remove() })

  it('[D7] is made with the folders above it, for its owner only, and made once', async () => {
    const made = await openDataFolder(folder.at('a/b'))

    expect(made).to.deep.equal(locateDataFolder(folder.at('a/b')))
    expect(await openDataFolder(folder.at('a/b'))).to.deep.equal(made)

    if (process.platform !== 'win32') {
      expect((await stat(made.path)).mode & 0o777).to.equal(0o700)
    }
  })

  it('[D7] is named by a whole path, wherever the program runs', () => {
    expect(locateDataFolder('home').path).to.equal(resolve('home'))
    const { old, ...paths } = locateDataFolder('home')

    expect(new Set(Object.values({ ...paths, ...old })).size).to.equal(8)
  })

  it('[D16] lies where the system keeps such things, under a name that does not say what it is', function () {
    if (process.platform === 'win32' || process.platform === 'darwin') {
      this.skip()
    }

    expect(defaultDataPath({ XDG_DATA_HOME: '/srv/data' })).to.equal(`/srv/data/${HARMLESS_NAME}`)
    expect(defaultDataPath({})).to.equal(join(homedir(), '.local', 'share', HARMLESS_NAME))
    expect(HARMLESS_NAME).to.not.match(/pergola|social|wall|node/i)
  })
})
