/**
 * One engine for all tabs. A lock elects the tab that runs it: browsers allow peer connections in windows only, and two engines over one store would fork
 * the wall. The others ask the leader over a channel of their own each. When the leader is closed the lock passes to the next tab; that one starts the
 * engine, tells the rest, and whoever watches something goes on watching.
 *
 * How either side learns that the other is gone: every tab holds a lock with its own name for as long as it lives.
 */

import { engineBackend, failedBackend } from './channel/backend.ts'
import { createHandover } from './channel/handover.ts'
import { toFailure } from './channel/messages.ts'
import { remoteBackend } from './channel/remote.ts'
import { serveTab } from './channel/serve.ts'
import type { Backend } from './channel/backend.ts'
import type { Announcement, Reply } from './channel/messages.ts'
import type { Engine } from './contract.ts'

const LEADER_LOCK = 'leader'
const TABS_CHANNEL = 'tabs'

/** `create` runs at most once, in the tab that leads. The returned engine works at once in any tab: what is asked of it waits until somebody leads */
export function connectEngine (create: () => Promise<Engine>): Engine {
  const tab = crypto.randomUUID()
  const stopped = new AbortController()
  const tabs = new BroadcastChannel(TABS_CHANNEL)
  const own = new BroadcastChannel(tabName(tab))
  const handover = createHandover()
  const served = new Map<string, () => void>()
  let leading: Promise<{ backend: Backend, engine?: Engine }> | undefined
  let leader: string | undefined
  let holding = false
  let remote: ReturnType<typeof remoteBackend> | undefined

  const announce = (announcement: Announcement): void => { tabs.postMessage(announcement) }

  /** From the leader one had, who is gone */
  const part = (): void => {
    remote?.close()
    remote = undefined
    handover.take(undefined)
  }

  const follow = (next: string): void => {
    // before that the leader would take this tab for gone
    if (holding && leading == null && next !== leader) {
      leader = next
      part()
      announce({ type: 'hello', leader: next, tab })
    }
  }

  const serve = (other: string, backend: Promise<Backend>): void => {
    if (served.has(other)) {
      return
    }

    const channel = new BroadcastChannel(tabName(other))
    const end = serveTab(channel, backend)
    const gone = new AbortController()
    const stop = (): void => {
      served.delete(other)
      gone.abort()
      end()
    }

    served.set(other, stop)
    channel.postMessage({ type: 'ready', leader: tab } satisfies Reply)
    navigator.locks.request(tabName(other), { signal: gone.signal }, stop).catch(() => {})
  }

  const lead = async (): Promise<void> => {
    leading = start(create)

    const backend = leading.then(({ backend }) => backend)

    tabs.onmessage = (event: MessageEvent<Announcement>) => {
      const message = event.data

      if (message.type === 'who') {
        announce({ type: 'leader', leader: tab })
      } else if (message.type === 'hello' && message.leader === tab) {
        serve(message.tab, backend)
      }
    }

    part()
    own.close()
    announce({ type: 'leader', leader: tab })
    handover.take(await backend)
  }

  tabs.onmessage = (event: MessageEvent<Announcement>) => {
    if (event.data.type === 'leader') {
      follow(event.data.leader)
    }
  }

  own.onmessage = (event: MessageEvent<Reply>) => {
    const reply = event.data

    if (reply.type !== 'ready') {
      remote?.receive(reply)
    } else if (leading == null && reply.leader === leader) {
      remote = remoteBackend(own)
      handover.take(remote.backend)
    }
  }

  const held = async (): Promise<void> => { await untilAborted(stopped.signal) }

  navigator.locks.request(tabName(tab), async () => {
    holding = true
    announce({ type: 'who' })
    await held()
  }).catch(() => {})
  const led = navigator.locks.request(LEADER_LOCK, { signal: stopped.signal }, async () => {
    await lead()
    await held()

    for (const stop of [...served.values()]) {
      stop()
    }

    await (await leading)?.engine?.stop()
  }).catch(() => {})

  return {
    ...handover.engine,
    async stop () {
      stopped.abort()
      handover.take(undefined)
      remote?.close()
      tabs.close()
      own.close()
      await led
    }
  }
}

async function start (create: () => Promise<Engine>): Promise<{ backend: Backend, engine?: Engine }> {
  try {
    const engine = await create()

    return { backend: engineBackend(engine), engine }
  } catch (error) {
    const failure = toFailure(error)

    return { backend: failedBackend(failure.aborted ? { code: 'internal', detail: 'aborted' } : failure.problem) }
  }
}

function tabName (tab: string): string {
  return `tab-${tab}`
}

async function untilAborted (signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve() }, { once: true }) })
  }
}
