import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ChildProcess } from 'node:child_process'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** Runs the command line until it ends. @param input - of its standard input */
export async function runHomeProcess (args: string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe', env: { ...process.env, PERGOLA_DATA: undefined } })
  const text = { out: '', err: '' }

  child.stdout.setEncoding('utf8').on('data', chunk => { text.out += chunk })
  child.stderr.setEncoding('utf8').on('data', chunk => { text.err += chunk })
  child.stdin.on('error', () => {}).end(input)

  const [code] = await once(child, 'close') as [number | null]

  return { code, ...text }
}

export interface RunningHome {
  /** What it said when it was ready */
  ready: Record<string, unknown>
  /** Asks it to stop, and resolves with its exit code */
  stop (): Promise<number | null>
}

/** Starts a home node and resolves once its control socket answers */
export async function startHomeProcess (data: string): Promise<RunningHome> {
  const child: ChildProcess = spawn(process.execPath, [main, 'start', '--json', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  const [line] = await Promise.race([once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line'), closed.then(() => [undefined])]) as [string | undefined]

  if (line == null) {
    throw new Error('The home node ended before it was ready')
  }

  return {
    ready: JSON.parse(line),
    async stop () {
      child.kill('SIGINT')

      const [code] = await closed as [number | null]

      return code
    }
  }
}
