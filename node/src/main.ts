#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import { sentence } from './cli/text.ts'
import { HARMLESS_NAME } from './data-folder.ts'

process.title = HARMLESS_NAME

try {
  await createProgram().parseAsync()
} catch (err) {
  process.stderr.write(`${sentence(err)}\n`)
  process.exitCode = 1
}
