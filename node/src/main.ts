#!/usr/bin/env node
import { createProgram } from './cli/program.ts'
import { sentence } from './cli/text.ts'

try {
  await createProgram().parseAsync()
} catch (err) {
  process.stderr.write(`${sentence(err)}\n`)
  process.exitCode = 1
}
