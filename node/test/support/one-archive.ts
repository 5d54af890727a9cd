/**
 * A process that does one thing to a data folder: `node one-archive.ts import|export DATA FILE`. It writes a line to its standard output for
 * each progress it hears of, and `done` at the end.
 */
import { writeSync } from 'node:fs'
import { startHome } from '../../src/home.ts'

const [what, data, file] = process.argv.slice(2)
const home = await startHome({ data })

await home.calls[what as 'import' | 'export']({ file }, { onProgress: ({ step, done, total }) => { writeSync(1, `${step} ${done} ${total}\n`) } })
writeSync(1, 'done\n')
await home.stop()
process.exit(0)
