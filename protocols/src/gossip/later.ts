/** Entries of later versions: nobody here can judge them, so they are passed on unread, and not many of them. Rule: specs/gossip.md [GO19]. */
import { spaceOfLater } from '../log/later.ts'
import { ratePerMinute } from '../rate.ts'
import { MAX_COUNTED_LATER, MAX_LATER_BYTES, MAX_LATER_PER_PEER, MAX_LATER_PER_TOPIC } from './constants.ts'
import { topicOf } from './topic.ts'
import type { GossipMessage, GossipVerdict } from './index.ts'
import type { Clock } from '../interface.ts'
import type { Rate } from '../rate.ts'

export class LaterEntries {
  readonly #byPeer: Rate
  readonly #byTopic: Rate

  constructor (clock: Clock) {
    this.#byPeer = ratePerMinute(clock, MAX_LATER_PER_PEER, MAX_COUNTED_LATER)
    this.#byTopic = ratePerMinute(clock, MAX_LATER_PER_TOPIC, MAX_COUNTED_LATER)
  }

  /** Undefined for what others have to judge; never `reject`: who sends it may just be newer */
  judge ({ kind, bytes, topic, from }: GossipMessage): GossipVerdict | undefined {
    const space = kind === 'entry' ? spaceOfLater(bytes) : undefined

    if (space == null) {
      return undefined
    }

    const passes = bytes.length <= MAX_LATER_BYTES && topicOf(space) === topic && this.#byPeer.take(from.toString()) && this.#byTopic.take(topic)

    return passes ? 'accept' : 'ignore'
  }

  clear (): void {
    this.#byPeer.clear()
    this.#byTopic.clear()
  }
}
