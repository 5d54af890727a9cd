/** Visits every block of a file, within bounds: whoever made the file may be hostile. */
import { blockKey } from './block-key.ts'
import { DAG_OVERHEAD_BYTES, MAX_BLOCK_BYTES, MAX_DAG_DEPTH, MAX_DAG_VISITS, MAX_DAG_WIDTH, WALK_CONCURRENCY } from './constants.ts'
import { MalformedMediaError, MediaLimitError } from './errors.ts'
import type { AbortOptions } from '../interface.ts'
import type { CID } from 'multiformats/cid'

const RAW = 0x55
const DAG_PB = 0x70
const SHA_256 = 0x12

/** What all blocks of a file of `size` bytes may have together */
export function dagBytes (size: number): number {
  return size + Math.floor(size / 1024) + DAG_OVERHEAD_BYTES
}

export interface WalkInit extends AbortOptions {
  /** Bytes of all blocks together, each counted once */
  maxBytes: number
  load (cid: CID, signal: AbortSignal): Promise<Uint8Array>
  decodeLinks (cid: CID, block: Uint8Array): Promise<CID[]>
  /** Blocks that are loaded at the same time; one by one they come breadth first. @default WALK_CONCURRENCY */
  concurrency?: number
  /** Each block once, as soon as it is found to be within bounds */
  onBlock? (cid: CID, block: Uint8Array): void | Promise<void>
}

export interface Walked {
  /** Each block once, the root first */
  blocks: CID[]
  size: number
}

interface Node {
  cid: CID
  depth: number
  /** Undefined while it has not been loaded */
  children?: Node[]
}

function check (cid: CID): void {
  if ((cid.code !== RAW && cid.code !== DAG_PB) || cid.multihash.code !== SHA_256 || cid.multihash.size !== 32) {
    throw new MalformedMediaError('The file has parts of an unknown kind')
  }
}

/** A file is read from its beginning to its end, shared parts each time: so it must not be deep, or long, by sharing */
function checkShape (root: Node): void {
  const seen = new Map<Node, { visits: number, height: number }>()

  function look (node: Node, depth: number): { visits: number, height: number } {
    let shape = seen.get(node)

    if (depth + (shape?.height ?? 0) > MAX_DAG_DEPTH) {
      throw new MediaLimitError('The file is divided in too many parts')
    }

    if (shape == null) {
      shape = { visits: 1, height: 0 }

      for (const child of node.children ?? []) {
        const { visits, height } = look(child, depth + 1)
        shape.visits += visits
        shape.height = Math.max(shape.height, height + 1)
      }

      seen.set(node, shape)
    }

    return shape
  }

  if (look(root, 0).visits > MAX_DAG_VISITS) {
    throw new MediaLimitError('The file repeats itself too often')
  }
}

/**
 * Loads every block, several at a time.
 *
 * @throws {MediaLimitError} for what is too deep, too wide, too large or repeats itself too often
 * @throws {MalformedMediaError} for what is no file
 */
export async function walk (root: CID, { maxBytes, load, decodeLinks, onBlock, concurrency = WALK_CONCURRENCY, signal }: WalkInit): Promise<Walked> {
  check(root)
  const rootNode: Node = { cid: root, depth: 0 }
  const nodes = new Map<string, Node>([[blockKey(root), rootNode]])
  const queue: Node[] = [rootNode]
  const controller = new AbortController()
  const all = signal == null ? controller.signal : AbortSignal.any([controller.signal, signal])
  let size = 0
  let running = 0

  async function visit (node: Node): Promise<void> {
    const { cid, depth } = node
    const block = await load(cid, all)
    all.throwIfAborted()
    size += block.length

    if (block.length > MAX_BLOCK_BYTES || size > maxBytes) {
      throw new MediaLimitError('The file is larger than was announced')
    }

    const links = cid.code === RAW ? [] : await linksOf(cid, block)

    if (links.length > MAX_DAG_WIDTH || (links.length > 0 && depth === MAX_DAG_DEPTH)) {
      throw new MediaLimitError('The file is divided in too many parts')
    }

    await onBlock?.(cid, block)
    node.children = links.map(link => {
      check(link)
      const key = blockKey(link)
      let child = nodes.get(key)

      if (child == null) {
        child = { cid: link, depth: depth + 1 }
        nodes.set(key, child)
        queue.push(child)
      } else if (child.cid.code !== link.code) {
        throw new MalformedMediaError('The file is not put together as files are')
      }

      return child
    })

    if (nodes.size > MAX_DAG_VISITS) {
      throw new MediaLimitError('The file is divided in too many parts')
    }
  }

  async function linksOf (cid: CID, block: Uint8Array): Promise<CID[]> {
    try {
      return await decodeLinks(cid, block)
    } catch {
      throw new MalformedMediaError('The file has a part that cannot be read')
    }
  }

  try {
    await new Promise<void>((resolve, reject) => {
      function begin (node: Node): void {
        running++
        visit(node).then(() => {
          running--
          next()
        }, reject)
      }

      function next (): void {
        if (queue.length === 0 && running === 0) {
          resolve()
          return
        }

        while (running < concurrency && queue.length > 0) {
          const node = queue.shift()

          if (node != null) {
            begin(node)
          }
        }
      }

      next()
    })
  } finally {
    controller.abort()
  }

  checkShape(rootNode)

  return { blocks: [...nodes.values()].map(({ cid }) => cid), size }
}
