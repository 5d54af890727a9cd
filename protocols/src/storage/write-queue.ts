import { MAX_GROUPED_OPS } from './constants.ts'
import type { StoreOp } from '../interface.ts'

/** Writes all of it or nothing; durable afterwards where `strict` */
export type Write = (ops: StoreOp[], strict: boolean) => Promise<void>

interface Waiting {
  ops: StoreOp[]
  strict: boolean
  resolve (): void
  reject (err: unknown): void
}

/**
 * Does writes in the order of the calls where the database itself would race them on its threads. Those that wait for the one before
 * are written together: a hundred strict writes at a time cost one fsync or two.
 */
export class WriteQueue {
  readonly #write: Write
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor (write: Write) {
    this.#write = write
  }

  async add (ops: StoreOp[], strict: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ops, strict, resolve, reject })

      this.#running ??= this.#run()
    })
  }

  /** Resolves once no write is waiting or under way; never rejects */
  async idle (): Promise<void> {
    await this.#running
  }

  async #run (): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup()

      try {
        await this.#write(group.flatMap(({ ops }) => ops), group.some(({ strict }) => strict))
        group.forEach(({ resolve }) => { resolve() })
      } catch (err) {
        group.forEach(({ reject }) => { reject(err) })
      }
    }

    this.#running = undefined
  }

  #nextGroup (): Waiting[] {
    let ops = this.#waiting[0].ops.length
    let end = 1

    while (end < this.#waiting.length && ops + this.#waiting[end].ops.length <= MAX_GROUPED_OPS) {
      ops += this.#waiting[end++].ops.length
    }

    return this.#waiting.splice(0, end)
  }
}
