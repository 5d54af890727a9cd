/** What the command line asks of a running home node, over a socket in the data folder that only its owner can open. */

export interface RelayLine {
  name: string
  address: string
  state: string
}

export interface HomeStatus {
  /** `k51…`; null until paired */
  identity: string | null
  name: string | null
  posts: number
  /** Files of the wall, and how many of them are wholly here */
  media: { wanted: number, held: number }
  relays: RelayLine[]
  data: string
}

export interface PairOptions {
  /** Six digits, which the other device has to show as well */
  onCode? (code: string): void
  signal?: AbortSignal
}

/** Bytes done, and in all, of one of the steps of a call */
export interface ControlProgress {
  step: 'export' | 'check' | 'take'
  done: number
  total: number
}

export interface ProgressOptions {
  onProgress? (progress: ControlProgress): void
  /** Gives it up */
  signal?: AbortSignal
}

export interface ExportParams {
  /** Absolute path */
  file: string
  /** Adds sealed keys */
  passphrase?: string
  /** Adds whom one follows to what is readable */
  follows?: boolean
}

export interface ImportParams {
  /** Absolute path */
  file: string
  passphrase?: string
}

export interface PassphraseParams {
  current?: string
  next?: string
}

export interface LockState {
  locked: boolean
  /** There is a passphrase */
  protected: boolean
}

export interface Exported {
  posts: number
  files: number
  /** Pictures that could not be had */
  missing: number
}

export interface ImportedWall {
  /** `k51…` */
  identity: string
  name: string
  posts: number
  /** Entries that are new, that were there, and that do not count here */
  added: number
  known: number
  refused: number
  /** Pictures that are new, in both of their sizes */
  files: number
  restored: boolean
}

/**
 * One line of an answer, as JSON: what happens meanwhile, and last of all the result, or an error as a sentence for a person. A person compares
 * codes and watches progress during a call, so an answer comes as it grows.
 */
export type ControlLine = { code: string } | { progress: ControlProgress } | { result: unknown } | { error: string }

export interface ControlCalls {
  status (): Promise<HomeStatus>
  /** Ends without a device being paired when the signal fires */
  pair (params: { link: string }, options?: PairOptions): Promise<{ identity: string, name: string | null }>
  post (params: { text: string, warning?: string, lang?: string }): Promise<{ id: string }>
  export (params: ExportParams, options?: ProgressOptions): Promise<Exported>
  import (params: ImportParams, options?: ProgressOptions): Promise<ImportedWall>
  /** Stops everything and lets go of the keys */
  lock (): Promise<LockState>
  unlock (params: { passphrase: string }): Promise<LockState>
  /** `current` when there is one; without `next` none is needed any more */
  passphrase (params: PassphraseParams): Promise<LockState>
  /** Makes everything unreadable, then deletes it, and goes on as a home of nobody */
  panic (): Promise<LockState>
  /** Answers also while it is locked */
  state (): Promise<LockState>
}

/** What is heard of any call before its end */
export type CallOptions = PairOptions & ProgressOptions

export type ControlCall = keyof ControlCalls

export const CONTROL_CALLS: readonly ControlCall[] = ['status', 'pair', 'post', 'export', 'import', 'lock', 'unlock', 'passphrase', 'panic', 'state']

/** A request body, at most */
export const MAX_CONTROL_BYTES = 256 * 1024
