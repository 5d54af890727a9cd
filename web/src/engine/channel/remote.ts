import { fromFailure } from './messages.ts'
import type { Backend, CallOptions } from './backend.ts'
import type { Reply, Request } from './messages.ts'

interface Pending {
  options: CallOptions
  resolve (value: unknown): void
  reject (error: Error): void
}

/** The engine of another tab, seen from this one. Calls under way when the leader is gone stay unanswered: the owner decides about them */
export function remoteBackend (channel: BroadcastChannel): { backend: Backend, receive (reply: Reply): void, close (): void } {
  const pending = new Map<number, Pending>()
  const listeners = new Map<number, (value: unknown) => void>()
  let next = 0
  let closed = false
  const send = (request: Request): void => {
    if (!closed) {
      channel.postMessage(request)
    }
  }

  return {
    backend: {
      async call (name, args, options) {
        const id = next++
        const { promise, resolve, reject } = Promise.withResolvers<unknown>()
        const abort = (): void => { send({ type: 'abort', id }) }

        options.signal?.throwIfAborted()
        pending.set(id, { options, resolve, reject })
        options.signal?.addEventListener('abort', abort)

        try {
          send({ type: 'call', id, name, args, progress: options.onProgress != null })

          return await promise as never
        } finally {
          pending.delete(id)
          options.signal?.removeEventListener('abort', abort)
        }
      },
      watch (name, args, listener) {
        const id = next++

        listeners.set(id, listener as (value: unknown) => void)
        send({ type: 'watch', id, name, args })

        return () => {
          if (listeners.delete(id)) {
            send({ type: 'unwatch', id })
          }
        }
      }
    },
    close () { closed = true },
    receive (reply) {
      switch (reply.type) {
        case 'result': pending.get(reply.id)?.resolve(reply.value); break
        case 'failure': pending.get(reply.id)?.reject(fromFailure(reply.failure)); break
        case 'progress': pending.get(reply.id)?.options.onProgress?.(reply.progress); break
        case 'value': listeners.get(reply.id)?.(reply.value); break
        default: // `ready` concerns the owner
      }
    }
  }
}
