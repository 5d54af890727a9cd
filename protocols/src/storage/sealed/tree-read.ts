/** Finding and walking. */
import { compareKeys } from '../checks.ts'
import { MAX_READ_AHEAD } from './constants.ts'
import { isLeaf } from './node.ts'
import type { Child, Item } from './items.ts'
import type { Branch, Leaf, Node } from './node.ts'

/** Reads a node; who knows its level says so */
export type LoadNode = (name: Uint8Array, level?: number) => Promise<Node>

export interface WalkOptions {
  gte?: Uint8Array | undefined
  lt?: Uint8Array | undefined
  reverse?: boolean
}

/** The first index whose key is not below this one */
export function lowerBound (sorted: ReadonlyArray<{ key: Uint8Array }>, key: Uint8Array): number {
  let low = 0
  let high = sorted.length

  while (low < high) {
    const middle = (low + high) >> 1

    if (compareKeys(sorted[middle].key, key) < 0) {
      low = middle + 1
    } else {
      high = middle
    }
  }

  return low
}

/** Where a key belongs: the last child that does not begin after it */
export function childIndex ({ children }: Branch, key: Uint8Array): number {
  const at = lowerBound(children, key)

  return at < children.length && compareKeys(children[at].key, key) === 0 ? at : Math.max(0, at - 1)
}

export async function findItem (load: LoadNode, top: Uint8Array, key: Uint8Array): Promise<Item | undefined> {
  let node = await load(top)

  while (!isLeaf(node)) {
    node = await load(node.children[childIndex(node, key)].name)
  }

  const item = node.items[lowerBound(node.items, key)]

  return item != null && compareKeys(item.key, key) === 0 ? item : undefined
}

/** Those that are within the bounds, in the order asked for */
export function within<T extends { key: Uint8Array }> (items: T[], { gte, lt, reverse }: WalkOptions): T[] {
  const found = items.slice(gte == null ? 0 : lowerBound(items, gte), lt == null ? items.length : lowerBound(items, lt))

  return reverse === true ? found.reverse() : found
}

function childrenWithin (branch: Branch, { gte, lt, reverse }: WalkOptions): Child[] {
  const from = gte == null ? 0 : childIndex(branch, gte)
  const end = lt == null ? branch.children.length : Math.max(lowerBound(branch.children, lt), from + 1)
  const found = branch.children.slice(from, end)

  return reverse === true ? found.reverse() : found
}

/** Leaves that may hold something within the bounds, in the order asked for; reads the more of them ahead the longer it goes on */
export async function * walkLeaves (load: LoadNode, top: Uint8Array, options: WalkOptions): AsyncGenerator<Leaf> {
  const node = await load(top)

  if (isLeaf(node)) {
    yield node
    return
  }

  const children = childrenWithin(node, options)
  const ahead: Array<Promise<unknown>> = []

  for (let i = 0; i < children.length; i++) {
    const most = Math.min(children.length, i + Math.min(1 + 2 * i, MAX_READ_AHEAD))

    while (i + ahead.length < most) {
      const loading = load(children[i + ahead.length].name, node.level - 1)
      // whoever leaves early does not wait for what was read ahead; whoever stays meets the error when its turn comes
      loading.catch(() => {})
      ahead.push(loading)
    }

    const first = ahead.shift() as Promise<Node>

    yield * walkLeaves(async (name, level) => name === children[i].name ? first : load(name, level), children[i].name, options)
  }
}
