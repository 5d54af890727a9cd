import { EngineError } from '../contract.ts'
import type { Engine, EngineProblem, Progress, Session, Unsubscribe } from '../contract.ts'

/** What is asked once and answered once, with its arguments as they travel: without functions and signals */
export interface CallArguments {
  openLink: [text: string]
  join: Parameters<Engine['join']>
  restore: [backup: Blob, passphrase: string]
  backup: [passphrase: string]
  saveArchive: [init: Parameters<Engine['saveArchive']>[0]]
  takeArchive: [file: Blob, init: Parameters<Engine['takeArchive']>[1]]
  recoveryWords: []
  keepWords: Parameters<Engine['keepWords']>
  post: [draft: Parameters<Engine['post']>[0]]
  edit: Parameters<Engine['edit']>
  remove: Parameters<Engine['remove']>
  profile: Parameters<Engine['profile']>
  follow: [id: string]
  unfollow: [id: string]
  invite: Parameters<Engine['invite']>
  publicLink: []
  confirmPairing: [same: boolean]
  renameDevice: Parameters<Engine['renameDevice']>
  closeDevice: Parameters<Engine['closeDevice']>
  setDirect: [on: boolean]
  reconnect: []
  media: [key: Parameters<Engine['media']>[0]]
}

export type CallName = keyof CallArguments

export type CallResult<Name extends CallName> = Awaited<ReturnType<Engine[Name]>>

/** What is listened to */
export interface WatchArguments {
  watchSession: []
  watchConnection: []
  watchTimeline: []
  watchWall: [id: string]
  pair: []
  link: [init: Parameters<Engine['link']>[0]]
  watchDevices: []
}

export type WatchName = keyof WatchArguments

export type WatchValue<Name extends WatchName> = Parameters<Extract<Parameters<Engine[Name]>[Name extends 'watchWall' | 'link' ? 1 : 0], (value: never) => void>>[0]

export interface CallOptions {
  signal?: AbortSignal
  onProgress?(progress: Progress): void
}

/** An engine with its many methods folded into two, so that a channel needs to know two kinds of message only */
export interface Backend {
  call<Name extends CallName>(name: Name, args: CallArguments[Name], options: CallOptions): Promise<CallResult<Name>>
  watch<Name extends WatchName>(name: Name, args: WatchArguments[Name], listener: (value: WatchValue<Name>) => void): Unsubscribe
}

type Calls = { [Name in CallName]: (engine: Engine, args: CallArguments[Name], options: CallOptions) => Promise<CallResult<Name>> }

type Watches = { [Name in WatchName]: (engine: Engine, args: WatchArguments[Name], listener: (value: WatchValue<Name>) => void) => Unsubscribe }

const CALLS: Calls = {
  openLink: async (engine, args) => engine.openLink(...args),
  join: async (engine, args) => { await engine.join(...args) },
  restore: async (engine, args, { onProgress }) => { await engine.restore(...args, onProgress) },
  backup: async (engine, args, { onProgress }) => engine.backup(...args, onProgress),
  saveArchive: async (engine, args, options) => engine.saveArchive(...args, options),
  takeArchive: async (engine, args, options) => engine.takeArchive(...args, options),
  recoveryWords: async engine => engine.recoveryWords(),
  keepWords: async (engine, args) => engine.keepWords(...args),
  post: async (engine, args, { onProgress }) => engine.post(...args, onProgress),
  edit: async (engine, args) => { await engine.edit(...args) },
  remove: async (engine, args) => { await engine.remove(...args) },
  profile: async (engine, args) => { await engine.profile(...args) },
  follow: async (engine, args) => { await engine.follow(...args) },
  unfollow: async (engine, args) => { await engine.unfollow(...args) },
  invite: async (engine, args) => engine.invite(...args),
  publicLink: async engine => engine.publicLink(),
  confirmPairing: async (engine, args) => { await engine.confirmPairing(...args) },
  renameDevice: async (engine, args) => { await engine.renameDevice(...args) },
  closeDevice: async (engine, args) => { await engine.closeDevice(...args) },
  setDirect: async (engine, args) => { await engine.setDirect(...args) },
  reconnect: async engine => { await engine.reconnect() },
  media: async (engine, args, options) => engine.media(...args, options)
}

const WATCHES: Watches = {
  watchSession: (engine, _args, listener) => engine.watchSession(listener),
  watchConnection: (engine, _args, listener) => engine.watchConnection(listener),
  watchTimeline: (engine, _args, listener) => engine.watchTimeline(listener),
  watchWall: (engine, [id], listener) => engine.watchWall(id, listener),
  pair: (engine, _args, listener) => engine.pair(listener),
  link: (engine, [init], listener) => engine.link(init, listener),
  watchDevices: (engine, _args, listener) => engine.watchDevices(listener)
}

/** The engine of this very tab */
export function engineBackend (engine: Engine): Backend {
  return {
    call: async (name, args, options) => CALLS[name](engine, args, options) as never,
    watch: (name, args, listener) => WATCHES[name](engine, args, listener)
  }
}

/** Stands where an engine could not be made: says why to whoever asks */
export function failedBackend (problem: EngineProblem): Backend {
  const session: Session = { phase: 'starting', unsafe: false, persisted: false, following: [], direct: true, problem }

  return {
    call: async () => { throw new EngineError(problem) },
    watch (name, _args, listener) {
      if (name === 'watchSession') {
        (listener as (session: Session) => void)(session)
      }

      return () => {}
    }
  }
}
