/** The real program as a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ChildProcess } from 'node:child_process'

/** The sources when the tests run from sources, else what was built */
const MAIN = fileURLToPath(new URL(`../../src/main${extname(import.meta.url)}`, import.meta.url))

export interface Ready {
  event: 'ready'
  url: string
  peer: string
  invite: string
  addrs: string[]
  stun?: string
  port: number
  stunPort?: number
  webrtcPort?: number
}

export interface RelayProcess {
  ready: Ready
  child: ChildProcess
  /** Everything it wrote to standard error so far */
  log (): string
  /** Resolves at the next line of the log that contains a text */
  logged (text: string): Promise<void>
  /** Ends it as a system does; resolves with its exit code */
  stop (): Promise<number | null>
}

function start (args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
}

/** Starts it with `--json` and waits until it is ready */
export async function startRelayProcess (args: string[], env: NodeJS.ProcessEnv = {}): Promise<RelayProcess> {
  const child = start([...args, '--json'], env)
  const exited = once(child, 'exit')
  const lines: string[] = []
  const waiting = new Set<() => void>()

  if (child.stdout == null || child.stderr == null) {
    throw new Error('There is no output to read')
  }

  createInterface({ input: child.stderr }).on('line', line => {
    lines.push(line)
    waiting.forEach(check => { check() })
  })

  const [line]: string[] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => { throw new Error(`It ended before it was ready: ${lines.join('\n')}`) })
  ])

  return {
    ready: JSON.parse(line),
    child,
    log: () => lines.join('\n'),
    logged: async text => new Promise(resolve => {
      const check = (): void => {
        if (lines.some(line => line.includes(text))) {
          waiting.delete(check)
          resolve()
        }
      }
      waiting.add(check)
      check()
    }),
    stop: async () => {
      child.kill('SIGTERM')
      const [code]: Array<number | null> = await exited

      return code
    }
  }
}

export interface Ended {
  code: number
  out: string
  err: string
}

/** Runs it until it ends by itself */
export async function runRelayProcess (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = start(args, env)
  const read = async (stream: ChildProcess['stdout']): Promise<string> => {
    let text = ''

    for await (const chunk of stream ?? []) {
      text += String(chunk)
    }

    return text
  }
  const [out, err, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'exit') as Promise<[number]>])

  return { code, out, err }
}
