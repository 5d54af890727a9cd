/** A process that opens a data folder, to be killed meanwhile: `node open-home.ts DATA`. It writes `begun`, and `done` at the end. */
import { writeSync } from 'node:fs'
import { openDataFolder } from '../../src/data-folder.ts'
import { openHomeVault } from '../../src/home-vault.ts'

const folder = await openDataFolder(process.argv[2])

writeSync(1, 'begun\n')

const home = await openHomeVault(folder)

await home.store()
writeSync(1, 'done\n')
await home.close()
