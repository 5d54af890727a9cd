import { systemClock, systemRandom } from '../interface.ts'
import { DEFAULT_HELLO_TIMEOUT_MS, HELLO_PROTOCOL, MAX_HELLO_STREAMS, MAX_INBOUND_HELLOS, NONCE_BYTES } from './constants.ts'
import { HelloFailedError, HelloRefusedError, HelloTimeoutError } from './errors.ts'
import { exchange } from './exchange.ts'
import { checkDeviceProof, makeDeviceProof, makeTokenMac, tokenProof } from './proof.ts'
import { createRate } from './rate.ts'
import { createHandshake } from './state.ts'
import type { IdentityId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Card, Hello as HelloInterface, HelloComponents, HelloEvents, HelloInit, HelloResult, ProveOptions } from './index.ts'
import type { Proof } from './messages.ts'
import type { Rate } from './rate.ts'
import type { Effect, HandshakeEvent, Role } from './state.ts'
import type { Connection, Logger, PeerId, Stream } from '@libp2p/interface'

/** What was found out about the other side, before it is known whether they want us */
type Verdict = Omit<HelloResult, 'peer' | 'card'>

interface Attempt {
  role: Role
  peer: PeerId
  stream: Stream
  signal: AbortSignal
  options: ProveOptions
}

/** The libp2p driver: registers, times, counts; asks the rest of the program; remembers who is there */
export class Hello extends EventTarget implements HelloInterface {
  readonly #components: HelloComponents
  readonly #init: HelloInit
  readonly #random: Random
  readonly #log: Logger
  readonly #rate: Rate
  readonly #proved = new Map<string, HelloResult>()
  #inbound = 0
  /** Aborted by `stop`; absent while stopped */
  #running?: AbortController

  constructor (components: HelloComponents, init: HelloInit) {
    super()
    this.#components = components
    this.#init = init
    this.#random = init.random ?? systemRandom
    this.#log = components.logger.forComponent('pergola:hello')
    this.#rate = createRate(init.clock ?? systemClock)
  }

  async start (): Promise<void> {
    if (this.#running != null) {
      return
    }

    this.#running = new AbortController()
    this.#components.events.addEventListener('peer:disconnect', this.#onDisconnect)
    await this.#components.registrar.handle(HELLO_PROTOCOL, this.#onStream, {
      maxInboundStreams: MAX_HELLO_STREAMS,
      maxOutboundStreams: MAX_HELLO_STREAMS,
      runOnLimitedConnection: true
    })
  }

  async stop (): Promise<void> {
    const running = this.#running

    if (running == null) {
      return
    }

    this.#running = undefined
    running.abort(new HelloFailedError('hello was stopped'))
    this.#components.events.removeEventListener('peer:disconnect', this.#onDisconnect)
    this.#proved.clear()
    this.#rate.clear()
    await this.#components.registrar.unhandle(HELLO_PROTOCOL)
  }

  async prove (peer: PeerId, options: ProveOptions = {}): Promise<HelloResult> {
    return this.#withinTime(options.signal, async signal => {
      const stream = await this.#components.connectionManager.openStream(peer, HELLO_PROTOCOL, { signal, runOnLimitedConnection: true })

      return this.#attempt({ role: 'initiator', peer, stream, signal, options })
    })
  }

  allowed (peer: PeerId): boolean {
    return this.#proved.has(peer.toString())
  }

  known (peer: PeerId): HelloResult | undefined {
    return this.#proved.get(peer.toString())
  }

  forget (identity: IdentityId): void {
    for (const [peer, result] of this.#proved) {
      if (result.identity === identity) {
        this.#proved.delete(peer)
      }
    }
  }

  readonly #onDisconnect = (event: CustomEvent<PeerId>): void => {
    this.#proved.delete(event.detail.toString())
  }

  readonly #onStream = async (stream: Stream, connection: Connection): Promise<void> => {
    const peer = connection.remotePeer

    if (this.#inbound >= MAX_INBOUND_HELLOS || !this.#rate.take(peer.toString())) {
      stream.abort(new HelloRefusedError('Too many handshakes'))

      return
    }

    this.#inbound++

    try {
      await this.#withinTime(undefined, async signal => this.#attempt({ role: 'responder', peer, stream, signal, options: {} }))
      this.#rate.giveBack(peer.toString())
    } catch (err) {
      this.#log('handshake of %p: %s', peer, (err as Error).name)
    } finally {
      this.#inbound--
    }
  }

  /** Gives work a signal that fires when its time is up, the caller had enough, or hello stops */
  async #withinTime<T> (outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const running = this.#running

    if (running == null) {
      throw new HelloFailedError('hello is not started')
    }

    const time = new AbortController()
    const timer = setTimeout(() => {
      time.abort(new HelloTimeoutError('The other side took too long to say who it is'))
    }, this.#init.timeout ?? DEFAULT_HELLO_TIMEOUT_MS)
    const signal = AbortSignal.any([time.signal, running.signal, ...(outer == null ? [] : [outer])])

    try {
      signal.throwIfAborted()

      return await work(signal)
    } catch (err) {
      throw signal.aborted ? signal.reason : err
    } finally {
      clearTimeout(timer)
    }
  }

  async #attempt ({ role, peer, stream, signal, options }: Attempt): Promise<HelloResult> {
    const abort = (): void => { stream.abort(signal.reason) }
    let verdict: Verdict | undefined
    let result: HelloResult | undefined

    const answer = async (ask: Extract<Effect, { type: 'prove' | 'judge' | 'admit' }>): Promise<HandshakeEvent> => {
      if (ask.type === 'prove') {
        return { type: 'proof', proof: await this.#ownProof(ask.binding, options.token), ...await this.#ownCard(role === 'responder') }
      }

      if (ask.type === 'judge') {
        verdict = await this.#judge(ask.proof, ask.binding, peer, role, options.identity)

        return { type: 'verdict', accepted: verdict != null, ...await this.#ownCard(role === 'initiator' && verdict != null) }
      }

      if (verdict != null) {
        result = { peer, ...verdict, ...(ask.card == null ? {} : { card: { ...ask.card, peer: peer.toString() } }) }
        this.#admit(result, signal)
      }

      return { type: 'admitted' }
    }

    signal.addEventListener('abort', abort, { once: true })

    try {
      signal.throwIfAborted()

      const outcome = await exchange({
        stream,
        signal,
        answer,
        handshake: createHandshake({
          role,
          local: this.#components.peerId.toMultihash().bytes,
          remote: peer.toMultihash().bytes,
          nonce: this.#random.bytes(NONCE_BYTES)
        })
      })

      await stream.close({ signal })

      if (outcome !== 'proved' || result == null) {
        throw outcome === 'broken' ? new HelloFailedError('The handshake broke off') : new HelloRefusedError('This device does not want to be known to us, or we not to it')
      }

      this.dispatchEvent(new CustomEvent('peer:proved', { detail: result }) satisfies HelloEvents['peer:proved'])

      return result
    } catch (err) {
      stream.abort(err as Error)

      throw err instanceof HelloRefusedError || signal.aborted ? err : new HelloFailedError('The handshake broke off', { cause: err })
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  #admit (result: HelloResult, signal: AbortSignal): void {
    // the connection may have gone while the proof was looked at; then nobody would tell us to forget
    if (signal.aborted || this.#components.connectionManager.getConnections(result.peer).length === 0) {
      throw new HelloFailedError('The connection is gone')
    }

    this.#proved.set(result.peer.toString(), result)
  }

  async #ownProof (binding: Uint8Array, token?: Uint8Array): Promise<Proof | undefined> {
    const self = await this.#init.self()

    if (self == null && token == null) {
      return undefined
    }

    return {
      ...(self == null ? {} : { device: await makeDeviceProof(self, binding) }),
      ...(token == null ? {} : { token: makeTokenMac(token, binding) })
    }
  }

  async #ownCard (isDue: boolean): Promise<{ card?: Card }> {
    const card = isDue ? await this.#init.card?.() : undefined

    return card == null ? {} : { card }
  }

  async #judge (proof: Proof, binding: Uint8Array, peer: PeerId, role: Role, expected?: IdentityId): Promise<Verdict | undefined> {
    const record = proof.device == null ? undefined : await checkDeviceProof(proof.device, binding)
    const who = record == null || proof.device == null ? {} : { identity: record.record.identity, device: proof.device.device, record }

    if (proof.device != null && record == null) {
      return undefined
    }

    // a guest has nothing to answer with, so it must not use up a token either
    if (role === 'responder' && await this.#init.self() == null) {
      return undefined
    }

    if (expected != null) {
      return who.identity === expected ? { ...who, by: 'device' } : undefined
    }

    if (who.identity != null && await this.#init.accepts(who.identity, who.device, who.record)) {
      return { ...who, by: 'device' }
    }

    if (role === 'responder' && proof.token != null && await this.#init.spendToken?.(tokenProof(proof.token, binding), peer.toString()) === true) {
      return { ...who, by: 'token' }
    }

    return undefined
  }
}
