import type { SessionState } from './session.ts'
import type { ViewMaker } from './views.ts'
import type { WordsKept } from './words-kept.ts'
import type { Invite, SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

/**
 * What the areas of the engine are made of. An area is a function that takes what it needs of this and gives some methods of the contract; `index.ts`
 * puts them together. A new one needs a file here, its methods in `contract.ts`, and their lines in `channel/backend.ts` and `channel/handover.ts`.
 */
export interface EngineComponents {
  peer: Peer
  views: ViewMaker
  session: SessionState
  /** Whether the recovery words were written down */
  wordsKept: WordsKept
  /** Invites that were opened by somebody who has not joined yet, by the wall that they lead to */
  invited: Map<SpaceId, Invite>
  /** Aborted when the engine stops: listeners and timers end with it */
  signal: AbortSignal
}
