import { toFailure } from './messages.ts'
import type { Unsubscribe } from '../contract.ts'
import type { Backend } from './backend.ts'
import type { Reply, Request } from './messages.ts'

/** The leader's side: does for another tab what that tab asks for. Returns what ends it */
export function serveTab (channel: BroadcastChannel, backend: Promise<Backend>): () => void {
  const calls = new Map<number, AbortController>()
  const watches = new Map<number, Unsubscribe>()
  const closed = new AbortController()
  const reply = (message: Reply): void => {
    if (!closed.signal.aborted) {
      channel.postMessage(message)
    }
  }

  const call = async ({ id, name, args, progress }: Extract<Request, { type: 'call' }>): Promise<void> => {
    const controller = new AbortController()

    calls.set(id, controller)

    try {
      const value = await (await backend).call(name, args as never, {
        signal: controller.signal,
        ...progress ? { onProgress: progress => { reply({ type: 'progress', id, progress }) } } : {}
      })

      reply({ type: 'result', id, value })
    } catch (error) {
      reply({ type: 'failure', id, failure: toFailure(error) })
    } finally {
      calls.delete(id)
    }
  }

  const watch = async ({ id, name, args }: Extract<Request, { type: 'watch' }>): Promise<void> => {
    let wanted = true

    watches.set(id, () => { wanted = false })

    const ready = await backend

    if (wanted) {
      const stop = ready.watch(name, args as never, value => { reply({ type: 'value', id, value }) })

      watches.set(id, stop)
    }
  }

  channel.onmessage = (event: MessageEvent<Request>) => {
    const request = event.data

    switch (request.type) {
      case 'call': void call(request); break
      case 'abort': calls.get(request.id)?.abort(); break
      case 'watch': void watch(request); break
      case 'unwatch':
        watches.get(request.id)?.()
        watches.delete(request.id)
        break
      default: // of a newer version of the page: it will be asked again once this tab is closed
    }
  }

  return () => {
    closed.abort()
    channel.close()

    // what a tab has begun to write is finished, what it only wanted to see is not
    for (const controller of calls.values()) {
      controller.abort()
    }

    for (const stop of watches.values()) {
      stop()
    }

    watches.clear()
  }
}
