import type { GossipSubInternals, SubscriptionOption } from './internals.ts'

/**
 * The hub of a star: in every topic that a client announced, until the last client left it. A topic is named only to who named it
 * first, so a peer that subscribes to nothing learns nothing, and clients do not hear of each other's topics.
 */
export class Hub {
  readonly #gossip: GossipSubInternals
  readonly #max: number
  /** Topics by client */
  readonly #clients = new Map<string, Set<string>>()
  /** How many clients are in a topic */
  readonly #wanted = new Map<string, number>()
  /** Peers that were told of a topic, by topic */
  readonly #told = new Map<string, Set<string>>()
  /** Peers to which this node itself names a topic first, by topic */
  readonly #first = new Map<string, Set<string>>()
  readonly #own: (topic: string) => boolean
  readonly #send: (peer: string, topics: string[], subscribe: boolean) => void

  /** `own` says whether this node itself wants to be in a topic */
  constructor (gossip: GossipSubInternals, max: number, own: (topic: string) => boolean) {
    this.#gossip = gossip
    this.#max = max
    this.#own = own
    this.#send = gossip.sendSubscriptions.bind(gossip)

    // the mesh is filled once a second, and who came meanwhile would miss what is said until then
    gossip.selectPeersToForward = (topic, source, except) =>
      new Set([...gossip.topics.get(topic) ?? []].filter(peer => peer !== source && except?.has(peer) !== true))

    gossip.sendSubscriptions = (peer, topics, subscribe) => { this.#announce(peer, topics, subscribe) }
  }

  /** What remains of what a client announces when that over its cap is left out, and whether any was */
  admit (peer: string, subscriptions: SubscriptionOption[]): { admitted: SubscriptionOption[], over: boolean } {
    const known = this.#clients.get(peer)
    const fresh = new Set<string>()
    let size = known?.size ?? 0
    let over = false

    const admitted = subscriptions.filter(({ topic, subscribe }) => {
      if (topic == null) {
        return false
      }

      // an answer to what this node named is no wish of the peer
      const has = known?.has(topic) === true || fresh.has(topic) || this.#isFirst(peer, topic)

      if (subscribe !== true) {
        return has
      }

      if (has) {
        return true
      }

      if (size >= this.#max) {
        over = true

        return false
      }

      size++
      fresh.add(topic)

      return true
    })

    return { admitted, over }
  }

  /** A client came into topics, or left them */
  changed (peer: string, subscriptions: SubscriptionOption[]): void {
    const topics = this.#clients.get(peer) ?? new Set()
    const answer: string[] = []

    this.#clients.set(peer, topics)

    for (const { topic, subscribe } of subscriptions) {
      if (topic == null) {
        continue
      }

      if (subscribe !== true) {
        if (topics.delete(topic)) {
          this.#release(topic)
        }
        continue
      }

      // its answer: neither to be answered, for ever to and fro, nor a reason to stay
      if (this.#isFirst(peer, topic)) {
        continue
      }

      // also to who named it before: it may have started anew
      answer.push(topic)

      if (!topics.has(topic)) {
        topics.add(topic)
        this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1)

        // not `subscribe`, which would look at every peer to tell it of this one topic
        if (!this.#gossip.subscriptions.has(topic)) {
          this.#gossip.subscriptions.add(topic)
          this.#gossip.join(topic)
          this.#first.get(topic)?.forEach(other => { this.#gossip.sendSubscriptions(other, [topic], true) })
        }
      }
    }

    if (topics.size === 0) {
      this.#clients.delete(peer)
    }

    if (answer.length > 0) {
      this.#gossip.sendSubscriptions(peer, answer, true)
    }
  }

  disconnected (peer: string): void {
    const topics = this.#clients.get(peer) ?? []

    this.#clients.delete(peer)
    this.#told.forEach((peers, topic) => {
      if (peers.delete(peer) && peers.size === 0) {
        this.#told.delete(topic)
      }
    })

    for (const topic of topics) {
      this.#release(topic)
    }
  }

  /** Whether a client is in a topic */
  wants (topic: string): boolean {
    return this.#wanted.has(topic)
  }

  nameFirst (peer: string, topic: string): void {
    const peers = this.#first.get(topic) ?? new Set()

    peers.add(peer)
    this.#first.set(topic, peers)

    if (this.#gossip.subscriptions.has(topic)) {
      this.#gossip.sendSubscriptions(peer, [topic], true)
    }
  }

  nameNoMore (peer: string, topic: string): void {
    const peers = this.#first.get(topic)

    peers?.delete(peer)

    if (peers?.size === 0) {
      this.#first.delete(topic)
    }

    this.#gossip.sendSubscriptions(peer, [topic], false)
  }

  clear (): void {
    this.#clients.clear()
    this.#wanted.clear()
    this.#told.clear()
    this.#first.clear()
  }

  #isFirst (peer: string, topic: string): boolean {
    return this.#first.get(topic)?.has(peer) === true
  }

  #release (topic: string): void {
    const left = (this.#wanted.get(topic) ?? 1) - 1

    if (left > 0) {
      this.#wanted.set(topic, left)
    } else {
      this.#wanted.delete(topic)

      if (!this.#own(topic) && this.#gossip.isStarted()) {
        this.#gossip.unsubscribe(topic)
        this.#told.delete(topic)
      }
    }
  }

  #announce (peer: string, topics: string[], subscribe: boolean): void {
    const named = topics.filter(topic => {
      const told = this.#told.get(topic)

      if (!subscribe) {
        const was = told?.delete(peer) === true

        if (told?.size === 0) {
          this.#told.delete(topic)
        }

        return was
      }

      // told once or not: a new stream begins with all of them again
      const may = this.#gossip.topics.get(topic)?.has(peer) === true || this.#isFirst(peer, topic)

      if (may) {
        if (told == null) {
          this.#told.set(topic, new Set([peer]))
        } else {
          told.add(peer)
        }
      }

      return may
    })

    if (named.length > 0) {
      this.#send(peer, named, subscribe)
    }
  }
}
