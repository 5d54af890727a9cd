import { EngineError } from '../contract.ts'
import type { Engine, Unsubscribe } from '../contract.ts'
import type { Backend, CallArguments, CallName, CallOptions, CallResult, WatchArguments, WatchName, WatchValue } from './backend.ts'

/** Doing these twice is the same as doing them once: the next leader may be asked again */
const REPEATABLE: ReadonlySet<CallName> = new Set<CallName>(['openLink', 'backup', 'saveArchive', 'takeArchive', 'recoveryWords', 'keepWords', 'edit', 'remove', 'profile', 'follow', 'unfollow', 'publicLink', 'renameDevice', 'closeDevice', 'setDirect', 'reconnect', 'media'])

interface Waiting {
  repeatable: boolean
  sent: boolean
  send (backend: Backend): void
  reject (error: Error): void
}

interface Watching {
  stop?: Unsubscribe
  start (backend: Backend): Unsubscribe
}

/** An engine whose work is done by one backend after another. What is asked while there is none waits */
export interface Handover {
  engine: Omit<Engine, 'stop'>
  /** From now on this one; undefined: whoever did it is gone */
  take (backend: Backend | undefined): void
}

export function createHandover (): Handover {
  const waiting = new Set<Waiting>()
  const watching = new Set<Watching>()
  let backend: Backend | undefined

  async function call<Name extends CallName> (name: Name, args: CallArguments[Name], options: CallOptions = {}): Promise<CallResult<Name>> {
    options.signal?.throwIfAborted()

    const { promise, resolve, reject } = Promise.withResolvers<CallResult<Name>>()
    const entry: Waiting = {
      repeatable: REPEATABLE.has(name),
      sent: false,
      reject,
      send (to) {
        entry.sent = true
        to.call(name, args, options).then(resolve, reject)
      }
    }
    const onAbort = (): void => { reject(new DOMException('Aborted', 'AbortError')) }

    options.signal?.addEventListener('abort', onAbort)
    waiting.add(entry)

    if (backend != null) {
      entry.send(backend)
    }

    try {
      return await promise
    } finally {
      waiting.delete(entry)
      options.signal?.removeEventListener('abort', onAbort)
    }
  }

  function watch<Name extends WatchName> (name: Name, args: WatchArguments[Name], listener: (value: WatchValue<Name>) => void): Unsubscribe {
    const entry: Watching = { start: to => to.watch(name, args, listener) }

    watching.add(entry)

    if (backend != null) {
      entry.stop = entry.start(backend)
    }

    return () => {
      if (watching.delete(entry)) {
        entry.stop?.()
      }
    }
  }

  return {
    take (next) {
      const lost = backend != null

      backend = next

      for (const entry of waiting) {
        if (lost && entry.sent && !entry.repeatable) {
          entry.reject(new EngineError({ code: 'interrupted', detail: 'the tab that did it is gone' }))
        } else if (next != null) {
          entry.send(next)
        }
      }

      for (const entry of watching) {
        entry.stop?.()
        entry.stop = next == null ? undefined : entry.start(next)
      }
    },
    engine: {
      watchSession: listener => watch('watchSession', [], listener),
      watchConnection: listener => watch('watchConnection', [], listener),
      watchTimeline: listener => watch('watchTimeline', [], listener),
      watchWall: (id, listener) => watch('watchWall', [id], listener),
      link: (init, listener) => watch('link', [init], listener),
      watchDevices: listener => watch('watchDevices', [], listener),
      pair: listener => watch('pair', [], listener),
      openLink: async text => call('openLink', [text]),
      join: async init => { await call('join', [init]) },
      restore: async (backup, passphrase, onProgress) => { await call('restore', [backup, passphrase], { onProgress }) },
      backup: async (passphrase, onProgress) => call('backup', [passphrase], { onProgress }),
      saveArchive: async (init, options) => call('saveArchive', [init], options),
      takeArchive: async (file, init, options) => call('takeArchive', [file, init], options),
      recoveryWords: async () => call('recoveryWords', []),
      keepWords: async answers => call('keepWords', [answers]),
      post: async (draft, onProgress) => call('post', [draft], { onProgress }),
      edit: async (id, content) => { await call('edit', [id, content]) },
      remove: async id => { await call('remove', [id]) },
      profile: async profile => { await call('profile', [profile]) },
      follow: async id => { await call('follow', [id]) },
      unfollow: async id => { await call('unfollow', [id]) },
      invite: async options => call('invite', [options]),
      publicLink: async () => call('publicLink', []),
      confirmPairing: async same => { await call('confirmPairing', [same]) },
      renameDevice: async (id, name) => { await call('renameDevice', [id, name]) },
      closeDevice: async (id, words) => { await call('closeDevice', [id, words]) },
      setDirect: async on => { await call('setDirect', [on]) },
      reconnect: async () => { await call('reconnect', []) },
      media: async (key, options) => call('media', [key], options)
    }
  }
}
