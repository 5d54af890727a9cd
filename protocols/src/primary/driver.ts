import { deviceId, toHex } from '../ids.ts'
import { systemRandom } from '../interface.ts'
import { signBeat } from './beat.ts'
import { BOOT_BYTES, FAREWELL_TIMEOUT_MS, MAX_PRIMARY_STREAMS, PRIMARY_PROTOCOL } from './constants.ts'
import { Links } from './links.ts'
import { PrimaryState } from './state.ts'
import { PrimaryTasks } from './tasks.ts'
import type { PrimaryEffect, PrimaryEvent, PrimaryView } from './events.ts'
import type { Primary, PrimaryComponents, PrimaryEvents, PrimaryInit } from './index.ts'
import type { PrimaryTask } from './tasks.ts'
import type { HelloEvents, HelloSelf } from '../hello/index.ts'
import type { Libp2pEvents, Logger } from '@libp2p/interface'

const NOBODY: PrimaryView = { acts: false, alive: [] }

function systemTimer (run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)

  return () => { clearTimeout(timer) }
}

/** All that ends with a stop, or when this device becomes somebody else's */
interface Running {
  links: Links
  self?: HelloSelf
  state?: PrimaryState
  cancelTimer? (): void
  /** Beats are signed one after the other, so that they leave in their order */
  signing: Promise<void>
}

/** Carries out what the state machine decides, and tells it what happens */
export class PrimaryDriver extends EventTarget implements Primary {
  readonly [Symbol.toStringTag] = '@pergola/primary'

  readonly #components: PrimaryComponents
  readonly #init: PrimaryInit
  readonly #log: Logger
  readonly #now: () => number
  readonly #timer: NonNullable<PrimaryInit['timer']>
  readonly #tasks: PrimaryTasks
  #running?: Running
  #refreshing: Promise<void> = Promise.resolve()
  #isCaughtUp = false

  constructor (components: PrimaryComponents, init: PrimaryInit) {
    super()

    this.#components = components
    this.#init = init
    this.#log = components.logger.forComponent('pergola:primary')
    this.#now = init.now ?? (() => performance.now())
    this.#timer = init.timer ?? systemTimer
    this.#tasks = new PrimaryTasks({
      timer: this.#timer,
      failed: error => { this.#emit('task:failed', error) }
    })
  }

  isStarted (): boolean {
    return this.#running != null
  }

  async start (): Promise<void> {
    if (this.#running != null) {
      return
    }

    const running: Running = { signing: Promise.resolve(), links: this.#makeLinks(() => running) }

    this.#running = running
    this.#components.hello.addEventListener('peer:proved', this.#onProved)
    this.#components.events.addEventListener('peer:disconnect', this.#onDisconnect)
    await this.#components.registrar.handle(PRIMARY_PROTOCOL, running.links.onStream, {
      maxInboundStreams: MAX_PRIMARY_STREAMS,
      maxOutboundStreams: MAX_PRIMARY_STREAMS,
      runOnLimitedConnection: true
    })
    await this.refresh()
  }

  /** While connections are still there: says farewell */
  async beforeStop (): Promise<void> {
    const running = this.#running

    if (running == null) {
      return
    }

    this.#handle({ type: 'leave' })
    this.#running = undefined
    this.#isCaughtUp = false
    this.#tasks.set(false)
    this.#components.hello.removeEventListener('peer:proved', this.#onProved)
    this.#components.events.removeEventListener('peer:disconnect', this.#onDisconnect)
    await running.signing
    await running.links.close(AbortSignal.timeout(FAREWELL_TIMEOUT_MS))
    await this.#components.registrar.unhandle(PRIMARY_PROTOCOL)
  }

  async stop (): Promise<void> {
    await this.beforeStop()
  }

  view (): PrimaryView {
    return this.#running?.state?.view() ?? NOBODY
  }

  whenPrimary (task: PrimaryTask): () => void {
    return this.#tasks.add(task)
  }

  caughtUp (): void {
    this.#isCaughtUp = true
    this.#handle({ type: 'caught-up' })
  }

  woke (): void {
    this.#handle({ type: 'woke' })
  }

  async refresh (): Promise<void> {
    // one after the other, so that what was asked for first does not come last
    this.#refreshing = this.#refreshing.catch(() => {}).then(async () => this.#refresh())

    await this.#refreshing
  }

  async #refresh (): Promise<void> {
    const self = await this.#init.self()
    const order = await this.#init.order?.()
    const running = this.#running

    if (running == null) {
      return
    }

    const isSame = self != null && running.self?.record.record.identity === self.record.record.identity &&
      toHex(running.self.signer.publicKey) === toHex(self.signer.publicKey)

    running.self = self

    if (isSame) {
      this.#handle({ type: 'record', record: self.record.record })
      this.#handle({ type: 'order', order })
    } else {
      this.#begin(running, order)
    }

    running.links.scan()
  }

  /** This device became somebody's, or nobody's */
  #begin (running: Running, order: Awaited<ReturnType<NonNullable<PrimaryInit['order']>>>): void {
    const { self } = running

    running.cancelTimer?.()
    this.#tasks.set(false)

    if (running.state != null) {
      this.#emit('primary:changed', NOBODY)
    }

    running.state = self == null
      ? undefined
      : new PrimaryState({
        identity: self.record.record.identity,
        device: deviceId(self.signer.publicKey),
        record: self.record.record,
        order,
        boot: toHex((this.#init.random ?? systemRandom).bytes(BOOT_BYTES)),
        random: Math.random,
        now: this.#now()
      })
    this.#handle({ type: this.#isCaughtUp ? 'caught-up' : 'tick' })
  }

  #makeLinks (running: () => Running): Links {
    return new Links({
      components: this.#components,
      now: this.#now,
      own: () => {
        const { self } = running()

        return self == null ? undefined : { device: deviceId(self.signer.publicKey), record: self.record.record }
      },
      linked: device => { this.#handle({ type: 'link', device }) },
      unlinked: device => { this.#handle({ type: 'unlink', device }) },
      heard: (via, beat, bytes) => { this.#handle({ type: 'beat', via, beat, bytes }) }
    })
  }

  readonly #onProved = ({ detail }: HelloEvents['peer:proved']): void => {
    this.#running?.links.add(detail.peer)
  }

  readonly #onDisconnect = ({ detail }: Libp2pEvents['peer:disconnect']): void => {
    this.#running?.links.remove(detail)
  }

  #handle (event: PrimaryEvent): void {
    const running = this.#running
    const state = running?.state

    if (running == null || state == null) {
      return
    }

    for (const effect of state.handle(event, this.#now())) {
      this.#run(running, effect)
    }

    running.cancelTimer?.()

    const due = state.nextTick()

    running.cancelTimer = due == null ? undefined : this.#timer(() => { this.#handle({ type: 'tick' }) }, Math.max(0, due - this.#now()))
  }

  #run (running: Running, effect: PrimaryEffect): void {
    const { links, self } = running

    switch (effect.type) {
      case 'beat':
        running.signing = running.signing.then(async () => {
          if (self != null) {
            links.send(await signBeat(self.signer, effect.beat))
          }
        }).catch(err => { this.#log.error('a beat could not be signed - %e', err) })
        break
      case 'pass':
        links.send(effect.bytes, effect.to)
        break
      case 'fetch-record': {
        const peer = links.peerOf(effect.from)

        if (peer != null) {
          this.#emit('record:newer', { peer, seq: effect.seq })
        }

        break
      }
      case 'catch-up':
        this.#isCaughtUp = false
        this.#emit('catch-up:due', undefined)
        break
      default:
        this.#tasks.set(effect.view.acts)
        this.#emit('primary:changed', effect.view)
    }
  }

  #emit<K extends keyof PrimaryEvents> (type: K, detail: PrimaryEvents[K]['detail']): void {
    this.dispatchEvent(new CustomEvent(type, { detail }))
  }
}
