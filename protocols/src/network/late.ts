import { NotStartedError } from '../errors.ts'
import type { Startable } from '@libp2p/interface'

/** Services that only somebody needs who belongs to a wall: their code is loaded when they are asked for */
export interface Late extends Startable {
  /**
   * Loads, makes and starts a service like those that a node has from the start; once for each name. It ends with the node.
   *
   * @throws {NotStartedError} once the node was stopped
   */
  get<S extends Startable> (name: string, load: () => Promise<(components: never) => S>): Promise<S>
}

class LateServices implements Late {
  readonly #components: object
  readonly #services = new Map<string, Promise<Startable>>()
  #stopped = false

  constructor (components: object) {
    this.#components = components
  }

  async get<S extends Startable> (name: string, load: () => Promise<(components: never) => S>): Promise<S> {
    if (this.#stopped) {
      throw new NotStartedError('The node was stopped')
    }

    const known = this.#services.get(name) as Promise<S> | undefined

    if (known != null) {
      return known
    }

    const starting = this.#start(load)

    this.#services.set(name, starting)
    // what could not be loaded may be there the next time
    starting.catch(() => { this.#services.delete(name) })

    return starting
  }

  async #start<S extends Startable> (load: () => Promise<(components: never) => S>): Promise<S> {
    const service = (await load())(this.#components as never)

    await service.start()

    return service
  }

  start (): void {}

  async stop (): Promise<void> {
    this.#stopped = true
    await Promise.allSettled([...this.#services.values()].map(async service => (await service).stop()))
  }
}

/** A libp2p service */
export function late (): (components: object) => Late {
  return components => new LateServices(components)
}
