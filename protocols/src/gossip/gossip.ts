import { gossipsub, TopicValidatorResult } from '@libp2p/gossipsub'
import { serviceCapabilities, serviceDependencies } from '@libp2p/interface'
import { systemClock } from '../interface.ts'
import { MAX_TOPICS_PER_CLIENT } from '../limits.ts'
import { MAX_REJECTS, VALIDATION_TIMEOUT_MS } from './constants.ts'
import { Hub } from './hub.ts'
import { LaterEntries } from './later.ts'
import { decodeMessage, encodeMessage } from './message.ts'
import { Rejects } from './rejects.ts'
import { StreamKeeper } from './reopen.ts'
import { settings } from './settings.ts'
import { isTopic, topicOf } from './topic.ts'
import { Waiting } from './waiting.ts'
import type { Gossip, GossipComponents, GossipEvents, GossipInit, GossipMessage, GossipRole, GossipVerdict } from './index.ts'
import type { GossipSubInternals, Rpc } from './internals.ts'
import type { GossipKind } from './message.ts'
import type { SpaceId } from '../ids.ts'
import type { Message } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'

const RESULTS: Record<GossipVerdict, TopicValidatorResult> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject
}

/** gossipsub, and what the star and one space per topic need around it */
export class GossipService extends EventTarget implements Gossip {
  readonly role: GossipRole
  readonly [Symbol.toStringTag] = '@pergola/gossip'
  readonly [serviceCapabilities] = ['@libp2p/pubsub']
  readonly [serviceDependencies] = ['@libp2p/identify']

  readonly #init: GossipInit
  readonly #gossip: GossipSubInternals
  readonly #hub?: Hub
  readonly #rejects: Rejects
  readonly #later: LaterEntries
  readonly #waiting: Waiting
  readonly #streams: StreamKeeper
  /** Spaces by topic */
  readonly #spaces = new Map<string, SpaceId>()

  constructor (init: GossipInit, components: GossipComponents) {
    super()

    const clock = init.clock ?? systemClock

    this.role = init.role ?? 'leaf'
    this.#init = init
    this.#rejects = new Rejects(clock)
    this.#later = new LaterEntries(clock)
    this.#waiting = new Waiting(clock)
    this.#gossip = gossipsub(settings(this.role, this.#rejects))(components) as unknown as GossipSubInternals
    this.#streams = new StreamKeeper(this.#gossip, components.connectionManager, peer => { this.#left(peer) })

    if (this.role === 'hub') {
      this.#hub = new Hub(this.#gossip, init.maxTopicsPerClient ?? MAX_TOPICS_PER_CLIENT, topic => this.#spaces.has(topic))
    }

    const handle = this.#gossip.handleReceivedRpc.bind(this.#gossip)

    this.#gossip.handleReceivedRpc = async (from, rpc) => {
      // gossipsub does so too, but looks at the score only now and then
      if (this.#rejects.count(from.toString()) <= MAX_REJECTS) {
        await handle(from, this.#admit(from, rpc))
      }
    }
    this.#gossip.addEventListener('subscription-change', ({ detail }) => { this.#changed(detail.peerId, detail.subscriptions) })
    // every topic has the same validator, also those that a client brings
    this.#gossip.topicValidators.get = topic => async (from: PeerId, message: Message) => this.#judge(from, topic, message.data)
  }

  isStarted (): boolean {
    return this.#gossip.isStarted()
  }

  async start (): Promise<void> {
    if (this.isStarted()) {
      return
    }

    await this.#gossip.start()

    for (const topic of this.#spaces.keys()) {
      this.#gossip.subscribe(topic)
    }
  }

  async stop (): Promise<void> {
    if (!this.isStarted()) {
      return
    }

    await this.#gossip.stop()
    this.#streams.stop()
    this.#waiting.clear()
    this.#later.clear()
    this.#hub?.clear()
  }

  subscribe (space: SpaceId): void {
    const topic = topicOf(space)

    if (this.#spaces.has(topic)) {
      return
    }

    this.#spaces.set(topic, space)

    if (this.isStarted()) {
      // whoever comes back at once must not be kept out of the mesh for having left
      this.#gossip.backoff.delete(topic)
      this.#gossip.subscribe(topic)
    }
  }

  unsubscribe (space: SpaceId): void {
    const topic = topicOf(space)

    if (this.#spaces.delete(topic) && this.isStarted() && this.#hub?.wants(topic) !== true) {
      this.#waiting.take(topic)
      this.#gossip.unsubscribe(topic)
    }
  }

  spaces (): SpaceId[] {
    return [...this.#spaces.values()]
  }

  async publish (space: SpaceId, kind: GossipKind, bytes: Uint8Array): Promise<number> {
    const topic = topicOf(space)
    const data = encodeMessage(kind, bytes)

    if (!this.isStarted()) {
      return 0
    }

    if (this.#gossip.topics.get(topic) == null) {
      this.#waiting.add(topic, data)

      return 0
    }

    const { recipients } = await this.#gossip.publish(topic, data)

    return recipients.length
  }

  neighbours (space: SpaceId): PeerId[] {
    return this.#gossip.getSubscribers(topicOf(space))
  }

  announce (peer: PeerId, space: SpaceId): void {
    this.#hub?.nameFirst(peer.toString(), topicOf(space))
  }

  withdraw (peer: PeerId, space: SpaceId): void {
    this.#hub?.nameNoMore(peer.toString(), topicOf(space))
  }

  reaches (peer: PeerId): boolean {
    return this.#gossip.streamsOutbound.has(peer.toString())
  }

  /** A peer is about to be forgotten */
  #left (peer: PeerId): void {
    const id = peer.toString()
    const topics = [...this.#gossip.topics].filter(([, peers]) => peers.delete(id)).map(([topic]) => topic)

    this.#hub?.disconnected(id)

    for (const topic of topics) {
      this.#emit('neighbour:changed', { peer, topic, subscribed: false })
    }
  }

  /** What of an RPC is heard at all: nothing of it may be remembered for topics that are not ours, or over a cap */
  #admit (from: PeerId, rpc: Rpc): Rpc {
    const peer = from.toString()
    let subscriptions = rpc.subscriptions.filter(({ topic }) => topic != null && isTopic(topic))

    if (this.#hub != null) {
      const { admitted, over } = this.#hub.admit(peer, subscriptions)
      subscriptions = admitted

      if (over) {
        this.#emit('client:over', { peer: from, max: this.#init.maxTopicsPerClient ?? MAX_TOPICS_PER_CLIENT })
      }
    }

    for (const { topic, subscribe } of subscriptions) {
      if (topic != null && subscribe === true) {
        this.#gossip.backoff.get(topic)?.delete(peer)
      }
    }

    return { ...rpc, subscriptions, messages: rpc.messages.filter(({ topic }) => this.#gossip.subscriptions.has(topic)) }
  }

  #changed (peer: PeerId, subscriptions: Array<{ topic: string, subscribe: boolean }>): void {
    this.#hub?.changed(peer.toString(), subscriptions)

    for (const { topic, subscribe } of subscriptions) {
      this.#emit('neighbour:changed', { peer, topic, subscribed: subscribe })

      if (subscribe) {
        for (const data of this.#waiting.take(topic)) {
          this.#gossip.publish(topic, data).catch(() => {})
        }
      }
    }
  }

  async #judge (from: PeerId, topic: string, data: Uint8Array): Promise<TopicValidatorResult> {
    const verdict = await this.#verdict(from, topic, data)

    if (verdict === 'reject') {
      this.#rejects.add(from.toString())
    }

    return RESULTS[verdict]
  }

  async #verdict (from: PeerId, topic: string, data: Uint8Array): Promise<GossipVerdict> {
    let message: GossipMessage

    try {
      const decoded = decodeMessage(data)

      if (decoded == null) {
        return 'ignore'
      }

      message = { ...decoded, topic, from, space: this.#spaces.get(topic) }
    } catch {
      return 'reject'
    }

    const unread = this.#later.judge(message)

    if (unread != null) {
      return unread
    }

    const verdict = await this.#ask(message)

    if (verdict === 'accept') {
      this.#emit('message:received', message)
    }

    return verdict
  }

  async #ask (message: GossipMessage): Promise<GossipVerdict> {
    const late = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined

    try {
      return await Promise.race([
        this.#init.validate(message, { signal: late.signal }),
        new Promise<GossipVerdict>(resolve => {
          timer = setTimeout(() => {
            resolve('ignore')
            late.abort()
          }, VALIDATION_TIMEOUT_MS)
        })
      ])
    } catch {
      return 'ignore'
    } finally {
      clearTimeout(timer)
    }
  }

  #emit<K extends keyof GossipEvents> (type: K, detail: GossipEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}
