#!/usr/bin/env node
import { existsSync } from 'node:fs'

const main = new URL('../dist/src/main.js', import.meta.url)

// npm links this file when it installs, and that is before anything is built
if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('Pergola is not built yet: please run `npm run build` in its folder first.\n')
  process.exitCode = 1
}
