import { request } from 'node:http'
import { ControlError, NotRunningError } from '../errors.ts'
import type { ControlCall, ControlCalls } from './contract.ts'

async function send (socketPath: string, name: ControlCall, params: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, path: `/${name}`, method: 'POST', headers: { 'content-type': 'application/json' } }, response => {
      const chunks: Buffer[] = []

      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const answer: { result?: unknown, error?: string } = JSON.parse(Buffer.concat(chunks).toString('utf8'))

        if (answer.error != null) {
          reject(new ControlError(answer.error))
        } else {
          resolve(answer.result)
        }
      })
    })

    outgoing.on('error', err => {
      reject(new NotRunningError('The home node is not running here: start it with "pergola start"', { cause: err }))
    })
    outgoing.end(JSON.stringify(params ?? {}))
  })
}

/** Calls the home node whose socket this is. Every call may reject with `NotRunningError` or `ControlError` */
export function controlClient (socketPath: string): ControlCalls {
  return {
    status: async () => send(socketPath, 'status', {}) as ReturnType<ControlCalls['status']>,
    pair: async params => send(socketPath, 'pair', params) as ReturnType<ControlCalls['pair']>,
    post: async params => send(socketPath, 'post', params) as ReturnType<ControlCalls['post']>
  }
}
