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

/**
 * One line of an answer, as JSON: what happens meanwhile, and last of all the result, or an error as a sentence for a person. A person compares
 * codes during a call, so an answer comes as it grows.
 */
export type ControlLine = { code: string } | { result: unknown } | { error: string }

export interface ControlCalls {
  status (): Promise<HomeStatus>
  /** Ends without a device being paired when the signal fires */
  pair (params: { link: string }, options?: PairOptions): Promise<{ identity: string, name: string | null }>
  post (params: { text: string, warning?: string, lang?: string }): Promise<{ id: string }>
}

export type ControlCall = keyof ControlCalls

export const CONTROL_CALLS: readonly ControlCall[] = ['status', 'pair', 'post']

/** A request body, at most */
export const MAX_CONTROL_BYTES = 256 * 1024
