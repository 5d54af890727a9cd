#!/usr/bin/env node
/** Everything for one machine: home node, relay and web client on loopback. Composes the rooms by their public surface, and does nothing else. */
import { sentence } from '../cli/text.ts'
import { createProgram } from './program.ts'

try {
  await createProgram().parseAsync()
} catch (err) {
  process.stderr.write(`${sentence(err)}\n`)
  process.exitCode = 1
}
