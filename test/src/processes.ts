import { spawn } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './repository.ts'

const DEFAULT_WAIT_MS = 30_000
const DEFAULT_STOP_MS = 10_000
const MAX_LINES = 20_000
const SHOWN_LINES = 15

export interface ProgramInit {
  /** What messages and the log file call it */
  name: string
  /** Path of the script, from the root of the repository; it runs on the Node that runs this */
  script: string
  args?: string[]
  /** In addition to our own environment */
  env?: Record<string, string>
  /** @default the root of the repository */
  cwd?: string
  /** A file that gets everything that it prints */
  log?: string
  /** A command and its arguments that starts the program for us, such as `strace -f -o FILE` */
  wrapper?: string[]
}

export interface WaitOptions {
  signal?: AbortSignal
  /** Milliseconds; @default 30,000 */
  timeout?: number
}

/** How a program ended: one of the two is null */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** One of our programs, running in a process of its own */
export interface Program {
  name: string
  pid: number
  /** What it has printed, without line ends, standard output and errors in the order in which they came; the last 20,000 lines */
  output (): string[]
  /** The first line of standard output that matches, also one that was printed already */
  line (matches: (line: string) => boolean, options?: WaitOptions): Promise<string>
  /** The first JSON object on a line of standard output that matches, also one that was printed already */
  event<Event extends object = Record<string, unknown>> (matches: (event: Partial<Event>) => boolean, options?: WaitOptions): Promise<Event>
  /** When and how it ended */
  ended: Promise<Exit>
  /** Asks it to end, and insists after 10 s; idempotent */
  stop (): Promise<Exit>
  /** `kill -9`: nothing of it gets to tidy up; idempotent */
  kill (): Promise<Exit>
}

/** A program ended, or did not say in time, what somebody waits for */
export class ProgramSilentError extends Error {
  override name = 'ProgramSilentError'
}

/** The process and all that descend from it, the youngest first: a wrapper does not hand a `kill -9` on. */
function descendants (pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`
  const children = existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(id => id !== '').map(Number) : []

  return [...children.flatMap(descendants), pid]
}

function signalAll (pids: number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // it is gone already
    }
  }
}

function parseObject (line: string): object | undefined {
  if (!line.startsWith('{')) {
    return undefined
  }

  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Starts one of our programs. Whoever starts it stops it. */
export function startProgram (init: ProgramInit): Program {
  const command = [...(init.wrapper ?? []), process.execPath, resolve(root, init.script), ...(init.args ?? [])]
  const child = spawn(command[0], command.slice(1), {
    cwd: init.cwd ?? root,
    env: { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`, ...init.env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const output: string[] = []
  const lines: string[] = []
  const watchers = new Set<() => void>()
  const notify = (): void => { watchers.forEach(watcher => { watcher() }) }

  if (init.log != null) {
    mkdirSync(dirname(init.log), { recursive: true })
    const log = createWriteStream(init.log, { flags: 'a' })
    child.stdout.pipe(log, { end: false })
    child.stderr.pipe(log, { end: false })
    child.once('close', () => { log.end() })
  }

  const keep = (list: string[], line: string): void => {
    list.push(line)

    if (list.length > MAX_LINES) {
      list.shift()
    }
  }

  createInterface({ input: child.stderr }).on('line', line => { keep(output, line) })
  createInterface({ input: child.stdout }).on('line', line => {
    keep(output, line)
    keep(lines, line)
    notify()
  })

  let exit: Exit | undefined
  const ended = new Promise<Exit>(resolve => {
    const end = (result: Exit): void => {
      exit ??= result
      resolve(exit)
      notify()
    }

    child.once('close', (code, signal) => { end({ code, signal }) })
    child.once('error', err => {
      keep(output, err.message)
      end({ code: null, signal: null })
    })
  })

  const find = async <T> (look: (line: string) => T | undefined, options: WaitOptions = {}): Promise<T> => new Promise<T>((resolve, reject) => {
    let next = 0
    const timeout = options.timeout ?? DEFAULT_WAIT_MS

    const settle = (action: () => void): void => {
      clearTimeout(limit)
      watchers.delete(check)
      options.signal?.removeEventListener('abort', onAbort)
      action()
    }
    const fail = (what: string): void => {
      settle(() => { reject(new ProgramSilentError(`${init.name} ${what}. It said last:\n${output.slice(-SHOWN_LINES).join('\n')}`)) })
    }
    const onAbort = (): void => { settle(() => { reject(options.signal?.reason) }) }
    const check = (): void => {
      for (; next < lines.length; next++) {
        const found = look(lines[next])

        if (found !== undefined) {
          settle(() => { resolve(found) })
          return
        }
      }

      if (exit != null) {
        fail(`ended with ${exit.code ?? exit.signal ?? 'an error'}`)
      }
    }
    const limit = setTimeout(() => { fail(`did not say what was expected within ${timeout / 1000} s`) }, timeout)

    if (options.signal?.aborted === true) {
      onAbort()
      return
    }

    options.signal?.addEventListener('abort', onAbort)
    watchers.add(check)
    check()
  })

  const pid = child.pid ?? -1

  return {
    name: init.name,
    pid,
    ended,
    output: () => [...output],
    line: async (matches, options) => find(line => matches(line) ? line : undefined, options),
    event: async <Event extends object> (matches: (event: Partial<Event>) => boolean, options?: WaitOptions) => find<Event>(line => {
      const event = parseObject(line)
      return event != null && matches(event as Partial<Event>) ? event as Event : undefined
    }, options),
    stop: async () => {
      if (exit == null) {
        const pids = descendants(pid)
        signalAll(pids, 'SIGTERM')
        const insist = setTimeout(signalAll, DEFAULT_STOP_MS, pids, 'SIGKILL')
        await ended
        clearTimeout(insist)
      }

      return ended
    },
    kill: async () => {
      if (exit == null) {
        signalAll(descendants(pid), 'SIGKILL')
      }

      return ended
    }
  }
}
