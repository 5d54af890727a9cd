import { peerIdFromString } from '@libp2p/peer-id'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_STREAMS_PER_PEER } from '../limits.ts'
import { FOLLOW_PROTOCOL, MAX_REQUESTS_PER_STREAM, MAX_STREAMS_AT_ONCE, STREAM_TIMEOUT_MS } from './constants.ts'
import { readFrames, sendFrame } from './frames.ts'
import { Ledger } from './ledger.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeNotice, encodeRequest } from './messages.ts'
import { Turns } from './turns.ts'
import type { Follow, FollowAnswer, FollowComponents, FollowEvents, FollowInit, FollowRequest } from './index.ts'
import type { LedgerChange } from './ledger.ts'
import type { ComingNotice, TopicsNotice } from './messages.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { Connection, Libp2pEvents, PeerId, Stream } from '@libp2p/interface'

/** A signal that also resets the stream */
function limited (stream: Stream, options: AbortOptions = {}): { signal: AbortSignal, done (): void } {
  const timeout = AbortSignal.timeout(STREAM_TIMEOUT_MS)
  const signal = options.signal == null ? timeout : AbortSignal.any([timeout, options.signal])
  const abort = (): void => { stream.abort(signal.reason instanceof Error ? signal.reason : new Error('Aborted')) }

  signal.addEventListener('abort', abort, { once: true })

  return { signal, done: () => { signal.removeEventListener('abort', abort) } }
}

export class FollowService extends EventTarget implements Follow {
  readonly [Symbol.toStringTag] = '@pergola/follow'

  readonly #init: FollowInit
  readonly #components: FollowComponents
  readonly #ledger: Ledger
  readonly #turns = new Turns(MAX_STREAMS_AT_ONCE)
  #started = false

  constructor (init: FollowInit, components: FollowComponents) {
    super()

    this.#init = init
    this.#components = components
    this.#ledger = new Ledger(init.serve)
  }

  isStarted (): boolean {
    return this.#started
  }

  async start (): Promise<void> {
    if (this.#started) {
      return
    }

    this.#started = true
    this.#components.events.addEventListener('peer:disconnect', this.#disconnected)
    await this.#components.registrar.handle(FOLLOW_PROTOCOL, this.#handle, { maxInboundStreams: MAX_STREAMS_PER_PEER, maxOutboundStreams: MAX_STREAMS_PER_PEER })
  }

  async stop (): Promise<void> {
    if (!this.#started) {
      return
    }

    this.#started = false
    this.#components.events.removeEventListener('peer:disconnect', this.#disconnected)
    this.#ledger.clear()
    await this.#components.registrar.unhandle(FOLLOW_PROTOCOL)
  }

  async follow (relay: PeerId, requests: FollowRequest[], options: AbortOptions = {}): Promise<FollowAnswer[]> {
    const answers: FollowAnswer[] = []

    for (let at = 0; at < requests.length; at += MAX_REQUESTS_PER_STREAM) {
      answers.push(...await this.#turns.take(relay.toString(), async () => {
        options.signal?.throwIfAborted()

        return this.#ask(relay, requests.slice(at, at + MAX_REQUESTS_PER_STREAM), options)
      }))
    }

    return answers
  }

  wanted (): SpaceId[] {
    return this.#ledger.wanted()
  }

  sources (space: SpaceId): RelayInfo[] {
    return this.#ledger.sources(space)
  }

  followers (space: SpaceId): PeerId[] {
    return this.#ledger.followers(space).map(peer => peerIdFromString(peer))
  }

  offers (space: SpaceId): PeerId[] {
    return this.#ledger.offers(space).map(peer => peerIdFromString(peer))
  }

  named (client: PeerId, space: SpaceId): RelayInfo[] {
    return this.#ledger.named(client.toString(), space)
  }

  async tellCapped (client: PeerId, max: number, options: AbortOptions = {}): Promise<void> {
    await this.#notify(client, [{ topics: max }], options)
  }

  async tellComing (client: PeerId, notices: ComingNotice[], options: AbortOptions = {}): Promise<void> {
    for (let at = 0; at < notices.length; at += MAX_REQUESTS_PER_STREAM) {
      await this.#notify(client, notices.slice(at, at + MAX_REQUESTS_PER_STREAM), options)
    }
  }

  async #notify (client: PeerId, notices: Array<TopicsNotice | ComingNotice>, options: AbortOptions): Promise<void> {
    const stream = await this.#components.connectionManager.openStream(client, FOLLOW_PROTOCOL, options)
    const { signal, done } = limited(stream, options)

    try {
      for (const notice of notices) {
        await sendFrame(stream, encodeNotice(notice), signal)
      }

      await stream.close({ signal })
    } finally {
      done()
    }
  }

  async #ask (relay: PeerId, requests: FollowRequest[], options: AbortOptions): Promise<FollowAnswer[]> {
    const stream = await this.#components.connectionManager.openStream(relay, FOLLOW_PROTOCOL, options)
    const { signal, done } = limited(stream, options)
    const answers: FollowAnswer[] = []

    const write = async (): Promise<void> => {
      for (const request of requests) {
        await sendFrame(stream, encodeRequest(request), signal)
      }
    }

    const read = async (): Promise<void> => {
      for await (const frame of readFrames(stream)) {
        answers.push(decodeAnswer(frame))

        if (answers.length === requests.length) {
          return
        }
      }

      throw new MalformedError('The relay did not answer every request')
    }

    try {
      await Promise.all([write(), read()])
      await stream.close({ signal })

      return answers
    } catch (err) {
      stream.abort(err instanceof Error ? err : new Error('Failed'))
      throw err
    } finally {
      done()
    }
  }

  readonly #handle = async (stream: Stream, connection: Connection): Promise<void> => {
    const { signal, done } = limited(stream)

    try {
      let requests = 0

      for await (const frame of readFrames(stream)) {
        if (++requests > MAX_REQUESTS_PER_STREAM) {
          throw new LimitExceededError(`More than ${MAX_REQUESTS_PER_STREAM} requests on one stream`)
        }

        const answer = await this.#answer(connection, frame)

        if (answer != null) {
          await sendFrame(stream, encodeAnswer(answer), signal)
        }
      }

      await stream.close({ signal })
    } catch (err) {
      stream.abort(err instanceof Error ? err : new Error('Failed'))
    } finally {
      done()
    }
  }

  /** @returns undefined for a notice, which has no answer */
  async #answer (connection: Connection, frame: Uint8Array): Promise<FollowAnswer | undefined> {
    const peer = connection.remotePeer
    let request: ReturnType<typeof decodeRequest>

    try {
      request = decodeRequest(frame)
    } catch {
      return { ok: false, reason: 'malformed' }
    }

    if ('topics' in request) {
      this.#emit('topics:capped', { relay: peer, max: request.topics })

      return undefined
    }

    if ('coming' in request) {
      this.#emit('space:coming', { relay: peer, ...request })

      return undefined
    }

    const { serve } = this.#init
    const asks = request.want || request.offer

    if (serve == null) {
      return { ok: false, reason: 'policy' }
    }

    const verdict = asks ? await serve.admits?.(peer, request) ?? true : true

    if (verdict !== true) {
      return { ok: false, reason: verdict === false ? 'policy' : verdict }
    }

    // the client may have left meanwhile, and nothing would take its request back
    if (!this.#started || connection.status !== 'open') {
      return { ok: false, reason: 'policy' }
    }

    const { answer, changes } = this.#ledger.set(peer.toString(), request)

    this.#tell(changes)

    return answer.ok && request.want && serve.isComing?.(peer, request.space) === true ? { ok: true, coming: true } : answer
  }

  readonly #disconnected = ({ detail }: Libp2pEvents['peer:disconnect']): void => {
    this.#tell(this.#ledger.forget(detail.toString()))
  }

  #tell (changes: LedgerChange[]): void {
    for (const { type, space } of changes) {
      if (type === 'unwanted') {
        this.#emit('space:unwanted', { space })
      } else {
        this.#emit(type === 'wanted' ? 'space:wanted' : 'sources:changed', { space, sources: this.#ledger.sources(space) })
      }
    }
  }

  #emit<K extends keyof FollowEvents> (type: K, detail: FollowEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}
