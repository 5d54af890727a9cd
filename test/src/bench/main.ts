/** `npm run bench -- NAME [--json]`: runs a benchmark and prints what it measured; with `--json` as one line. */

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createStage } from '../accept/stage.ts'
import { UnknownNameError, loadModule } from '../named-modules.ts'
import type { Bench, Measures } from './bench.ts'

const FOLDER = join(import.meta.dirname, 'benches')

function flatten (measures: Measures, group = ''): Array<[name: string, value: string]> {
  return Object.entries(measures).flatMap(([name, value]) => typeof value === 'object'
    ? flatten(value, `${group}${name}.`)
    : [[`${group}${name}`, typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value)]] as Array<[string, string]>)
}

async function measure (name: string, json: boolean): Promise<void> {
  const { bench } = await loadModule(FOLDER, name) as { bench: Bench }
  const stopping = new AbortController()
  const onSignal = (): void => { stopping.abort(new Error('the benchmark was stopped')) }
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  const stage = await createStage(`bench-${name}`, stopping.signal)

  try {
    const { start, later, work, signal } = stage.context
    const measures = await bench.run({ start, later, work, signal, progress: text => { process.stderr.write(`${text}\n`) } })

    if (json) {
      process.stdout.write(`${JSON.stringify({ bench: name, ...measures, node: process.version, cpus: availableParallelism() })}\n`)
    } else {
      const rows = flatten(measures)
      const width = Math.max(...rows.map(([row]) => row.length))
      process.stdout.write(`${bench.title}\n\n${rows.map(([row, value]) => `${row.padEnd(width)}  ${value}`).join('\n')}\n`)
    }
  } finally {
    await stage.clear()
  }
}

async function main (): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
    await measure(positionals[0] ?? '', values.json)
    return 0
  } catch (err) {
    process.stderr.write(`${err instanceof Error && !(err instanceof UnknownNameError) ? err.stack : String((err as Error).message)}\n`)
    return 1
  }
}

// WebRTC keeps a process alive after everything has been stopped
process.exit(await main())
