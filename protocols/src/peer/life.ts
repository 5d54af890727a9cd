import { PeerStoppedError } from './errors.ts'
import type { Life, Running } from './parts.ts'

export interface LifeInit {
  /** Opens the network and what lives on it; nobody is admitted to anything before it resolves */
  open (): Promise<Running>
  /** Begins to call and to keep walls */
  begin (running: Running): Promise<void>
  /** Ends everything; without anything running if opening failed */
  end (running: Running | undefined): Promise<void>
  sessionChanged (): void
  waitingChanged (): void
}

/** Starts and stops a peer, each once */
export class PeerLife implements Life {
  readonly sessionChanged: () => void
  readonly waitingChanged: () => void
  readonly #init: LifeInit
  readonly #abort = new AbortController()
  #running: Running | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor (init: LifeInit) {
    this.#init = init
    this.sessionChanged = init.sessionChanged
    this.waitingChanged = init.waitingChanged
  }

  get signal (): AbortSignal {
    return this.#abort.signal
  }

  async start (): Promise<void> {
    this.#starting ??= (async () => {
      this.#running = await this.#init.open()
      await this.#init.begin(this.#running)
    })()

    return this.#starting
  }

  async stop (): Promise<void> {
    this.#stopping ??= (async () => {
      this.#abort.abort()
      await this.#starting?.catch(() => {})
      await this.#init.end(this.#running)
      this.#running = undefined
    })()

    return this.#stopping
  }

  async run (): Promise<Running> {
    await this.start()

    if (this.#running == null) {
      throw new PeerStoppedError('The peer was stopped')
    }

    return this.#running
  }

  running (): Running | undefined {
    return this.#running
  }

  callAll (): void {
    this.#running?.callers.callAll()
  }
}
