import { chmod, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { CONTROL_CALLS, MAX_CONTROL_BYTES } from './contract.ts'
import type { CallOptions, ControlCall, ControlCalls, ControlLine, ControlProgress } from './contract.ts'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Times that the progress of one step is told */
const PROGRESS_LINES = 1_000

export interface ControlServer {
  stop (): Promise<void>
}

async function readBody (request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0

  for await (const chunk of request) {
    size += chunk.length

    if (size > MAX_CONTROL_BYTES) {
      throw new RangeError(`The request is longer than ${MAX_CONTROL_BYTES} bytes`)
    }

    chunks.push(chunk)
  }

  return size === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

function textOf (params: object, name: string, required: boolean): string | undefined {
  const value = (params as Record<string, unknown>)[name]

  if (value == null && !required) {
    return undefined
  }

  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`"${name}" must be text`)
  }

  return value
}

async function call (calls: ControlCalls, name: ControlCall, body: unknown, options: CallOptions): Promise<unknown> {
  const params = body != null && typeof body === 'object' ? body : {}

  switch (name) {
    case 'status': return calls.status()
    case 'pair': return calls.pair({ link: textOf(params, 'link', true) ?? '' }, options)
    case 'post': return calls.post({
      text: textOf(params, 'text', true) ?? '',
      warning: textOf(params, 'warning', false),
      lang: textOf(params, 'lang', false)
    })
    case 'export': return calls.export({
      file: textOf(params, 'file', true) ?? '',
      passphrase: textOf(params, 'passphrase', false),
      follows: (params as Record<string, unknown>).follows === true
    }, options)
    case 'import': return calls.import({ file: textOf(params, 'file', true) ?? '', passphrase: textOf(params, 'passphrase', false) }, options)
    case 'lock': return calls.lock()
    case 'unlock': return calls.unlock({ passphrase: textOf(params, 'passphrase', true) ?? '' })
    case 'passphrase': return calls.passphrase({ current: textOf(params, 'current', false), next: textOf(params, 'next', false) })
    case 'panic': return calls.panic()
    case 'state': return calls.state()
    // no default
  }
}

/** Passes on no more of each step than somebody can watch */
function thinned (tell: (progress: ControlProgress) => void): (progress: ControlProgress) => void {
  let last: ControlProgress | undefined

  return progress => {
    const { step, done, total } = progress

    if (last?.step !== step || done - last.done >= total / PROGRESS_LINES || done === total) {
      last = progress
      tell(progress)
    }
  }
}

async function answer (calls: ControlCalls, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = CONTROL_CALLS.find(candidate => request.url === `/${candidate}`)
  const gone = new AbortController()
  const say = (line: ControlLine): void => {
    if (!response.destroyed) {
      response.write(`${JSON.stringify(line)}\n`)
    }
  }

  // whoever asked has given up
  response.once('close', () => { gone.abort() })
  response.setHeader('content-type', 'application/x-ndjson')

  try {
    if (request.method !== 'POST' || name == null) {
      throw new TypeError('No such call')
    }

    say({
      result: await call(calls, name, await readBody(request), {
        onCode: code => { say({ code }) },
        onProgress: thinned(progress => { say({ progress }) }),
        signal: gone.signal
      })
    })
  } catch (err) {
    response.statusCode = 400
    say({ error: err instanceof Error ? err.message : String(err) })
  }

  response.end()
}

async function listen (server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** @param path - of the socket; a stale one of a killed process is replaced, since the data folder is locked by the store already */
export async function serveControl (path: string, calls: ControlCalls): Promise<ControlServer> {
  const server = createServer((request, response) => { void answer(calls, request, response) })

  if (process.platform !== 'win32') {
    await rm(path, { force: true })
  }

  await listen(server, path)

  if (process.platform !== 'win32') {
    await chmod(path, 0o600)
  }

  return {
    async stop () {
      server.closeAllConnections()
      await new Promise<void>(resolve => { server.close(() => { resolve() }) })
    }
  }
}
