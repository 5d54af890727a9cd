import { MAX_NODE_BYTES } from './constants.ts'
import { costOf } from './items.ts'
import { isLeaf, partsOf } from './node.ts'
import type { Child, Item } from './items.ts'
import type { Node } from './node.ts'

/** Indices at which pieces begin, but for the first; there a key has none before it to share bytes with */
function cutsOf (items: Array<Item | Child>, costs: number[], most: number): number[] {
  const cuts: number[] = []
  let size = 0

  costs.forEach((cost, i) => {
    if (size > 0 && size + cost > most) {
      cuts.push(i)
      size = costOf(items[i])
    } else {
      size += cost
    }
  })

  return cuts
}

/** The shortest key above one and not above the next */
function separator (before: Uint8Array, next: Uint8Array): Uint8Array {
  let length = 0

  while (length < before.length && before[length] === next[length]) {
    length++
  }

  return next.subarray(0, length + 1)
}

function piece (node: Node, from: number, to: number): Node {
  const items = partsOf(node)
  // what separates two leaves may be any key between them, which is shorter
  const bound = (at: number): Uint8Array => isLeaf(node) ? separator(items[at - 1].key, items[at].key) : items[at].key
  const low = from === 0 ? node.low : bound(from)
  const high = to === items.length ? node.high : bound(to)

  return isLeaf(node) ? { ...node, low, high, items: node.items.slice(from, to) } : { ...node, low, high, children: node.children.slice(from, to) }
}

/**
 * The nodes that a node becomes which may be too large; at least one. `isAppend`: more is likely to come at the end, so that all but the
 * last are filled, instead of all alike.
 */
export function splitNode (node: Node, isAppend: boolean): Node[] {
  const items = partsOf(node)
  const costs = items.map((item, i) => costOf(item, items[i - 1]?.key))
  const size = costs.reduce((sum, cost) => sum + cost, 0)

  if (size <= MAX_NODE_BYTES) {
    return [node]
  }

  const even = size / Math.ceil(size / MAX_NODE_BYTES)
  // pieces of just the average size would leave a small one over
  const cuts = cutsOf(items, costs, isAppend ? MAX_NODE_BYTES : Math.min(MAX_NODE_BYTES, even + Math.max(...costs) / 2))
  const ends = [...cuts, items.length]

  return ends.map((end, i) => piece(node, i === 0 ? 0 : ends[i - 1], end))
}
