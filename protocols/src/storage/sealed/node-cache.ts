import { toHex } from '../../ids.ts'
import type { Node } from './node.ts'

/** A node, and the bytes it takes */
export interface Loaded {
  node: Node
  bytes: number
}

interface Cached {
  node: Promise<Node>
  /** 0 while it is being read */
  bytes: number
}

/** Nodes by the names of their records, the one used longest ago dropped first */
export class NodeCache {
  readonly #load: (name: Uint8Array) => Promise<Loaded>
  readonly #maxBytes: number
  /** Used longest ago first */
  readonly #nodes = new Map<string, Cached>()
  #bytes = 0

  constructor (load: (name: Uint8Array) => Promise<Loaded>, maxBytes: number) {
    this.#load = load
    this.#maxBytes = maxBytes
  }

  get bytes (): number {
    return this.#bytes
  }

  /** Reads it once, however many ask at the same time */
  async get (name: Uint8Array): Promise<Node> {
    const id = toHex(name)
    const known = this.#nodes.get(id)

    if (known != null) {
      this.#nodes.delete(id)
      this.#nodes.set(id, known)

      return known.node
    }

    const loading = this.#load(name)
    const cached: Cached = { node: loading.then(({ node }) => node), bytes: 0 }
    // it may be that nobody else asks for it: whoever asked first gets the error below
    cached.node.catch(() => {})
    this.#nodes.set(id, cached)

    try {
      const { node, bytes } = await loading

      if (this.#nodes.get(id) === cached) {
        cached.bytes = bytes
        this.#grow(bytes)
      }

      return node
    } catch (err) {
      if (this.#nodes.get(id) === cached) {
        this.#nodes.delete(id)
      }

      throw err
    }
  }

  /** For what is read through once: it pushes nothing out */
  async pass (name: Uint8Array): Promise<Node> {
    return this.#nodes.get(toHex(name))?.node ?? (await this.#load(name)).node
  }

  add (name: Uint8Array, { node, bytes }: Loaded): void {
    this.#nodes.set(toHex(name), { node: Promise.resolve(node), bytes })
    this.#grow(bytes)
  }

  delete (name: Uint8Array): void {
    const id = toHex(name)
    this.#bytes -= this.#nodes.get(id)?.bytes ?? 0
    this.#nodes.delete(id)
  }

  clear (): void {
    this.#nodes.clear()
    this.#bytes = 0
  }

  #grow (bytes: number): void {
    this.#bytes += bytes

    for (const [id, cached] of this.#nodes) {
      if (this.#bytes <= this.#maxBytes) {
        return
      }

      // those that are still being read weigh nothing yet
      if (cached.bytes > 0) {
        this.#bytes -= cached.bytes
        this.#nodes.delete(id)
      }
    }
  }
}
