import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { ControlError, NotRunningError } from '../errors.ts'
import type { CallOptions, ControlCall, ControlCalls, ControlLine } from './contract.ts'
import type { IncomingMessage } from 'node:http'

async function send (socketPath: string, name: ControlCall, params: unknown, { onCode, onProgress, signal }: CallOptions = {}): Promise<unknown> {
  const outgoing = request({ socketPath, path: `/${name}`, method: 'POST', headers: { 'content-type': 'application/json' }, ...signal == null ? {} : { signal } })

  outgoing.end(JSON.stringify(params ?? {}))

  const [response] = await once(outgoing, 'response').catch(err => {
    signal?.throwIfAborted()
    throw new NotRunningError('The home node is not running here: start it with "pergola start"', { cause: err })
  }) as [IncomingMessage]

  let last: ControlLine | undefined

  for await (const text of createInterface({ input: response, crlfDelay: Infinity })) {
    last = JSON.parse(text) as ControlLine

    if ('code' in last) {
      onCode?.(last.code)
    } else if ('progress' in last) {
      onProgress?.(last.progress)
    }
  }

  signal?.throwIfAborted()

  if (last == null || 'code' in last || 'progress' in last) {
    throw new NotRunningError('The home node was stopped before it answered: start it again, and repeat this')
  }

  if ('error' in last) {
    throw new ControlError(last.error)
  }

  return last.result
}

/** Calls the home node whose socket this is. Every call may reject with `NotRunningError` or `ControlError` */
export function controlClient (socketPath: string): ControlCalls {
  return {
    status: async () => send(socketPath, 'status', {}) as ReturnType<ControlCalls['status']>,
    pair: async (params, options) => send(socketPath, 'pair', params, options) as ReturnType<ControlCalls['pair']>,
    post: async params => send(socketPath, 'post', params) as ReturnType<ControlCalls['post']>,
    export: async (params, options) => send(socketPath, 'export', params, options) as ReturnType<ControlCalls['export']>,
    import: async (params, options) => send(socketPath, 'import', params, options) as ReturnType<ControlCalls['import']>,
    lock: async () => send(socketPath, 'lock', {}) as ReturnType<ControlCalls['lock']>,
    unlock: async params => send(socketPath, 'unlock', params) as ReturnType<ControlCalls['unlock']>,
    passphrase: async params => send(socketPath, 'passphrase', params) as ReturnType<ControlCalls['passphrase']>,
    panic: async () => send(socketPath, 'panic', {}) as ReturnType<ControlCalls['panic']>,
    state: async () => send(socketPath, 'state', {}) as ReturnType<ControlCalls['state']>
  }
}
