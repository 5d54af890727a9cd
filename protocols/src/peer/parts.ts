/** What a peer is made of. Each part names those that it uses by a `Pick` of these, and is made in `create.ts`. */
import type { Account } from './account.ts'
import type { Callers } from './callers.ts'
import type { Deliveries } from './deliveries.ts'
import type { Holders } from './holders.ts'
import type { Keeper } from './keeper.ts'
import type { LazyMedia } from './lazy-media.ts'
import type { PeerNetwork } from './network.ts'
import type { OwnChain } from './own-chain.ts'
import type { OwnRelays } from './own-relays.ts'
import type { OwnSpace } from './own-space.ts'
import type { Pinner } from './pinner.ts'
import type { Posts } from './posts.ts'
import type { Settings } from './settings.ts'
import type { WaitingBook } from './waiting.ts'
import type { Walls } from './walls.ts'
import type { Writer } from './writer.ts'
import type { Clock, Random } from '../interface.ts'
import type { TokenBook } from '../invite/index.ts'
import type { Log } from '../log/index.ts'

/** There as long as the peer is, whether it runs or not */
export interface Parts {
  clock: Clock
  random: Random
  account: Account
  log: Log
  walls: Walls
  posts: Posts
  media: LazyMedia
  settings: Settings
  deliveries: Deliveries
  tokens: TokenBook
  ownChain: OwnChain
  ownSpace: OwnSpace
  writer: Writer
  waiting: WaitingBook
  relays: OwnRelays
  holders: Holders
}

/** There while the peer runs */
export interface Running {
  network: PeerNetwork
  keeper: Keeper
  callers: Callers
  pinner: Pinner
}

/** How long a peer lives, and what it tells whoever looks at it */
export interface Life {
  /** Fires when the peer stops */
  signal: AbortSignal
  /** What runs, once it does. @throws {PeerStoppedError} */
  run (): Promise<Running>
  /** What runs now, if anything does */
  running (): Running | undefined
  /** Calls own devices and contacts that are not connected, where the peer runs */
  callAll (): void
  /** Something of what one is, follows or has set is different now */
  sessionChanged (): void
  /** Something waits to be appended, or does no longer */
  waitingChanged (): void
}
