/** Changes that lie before the tree: each replaces what the tree has under its key. Rules: specs/storage.md [ST65] */
import { compareKeys } from '../checks.ts'
import { isApart } from './items.ts'
import { lowerBound, walkLeaves, within } from './tree-read.ts'
import type { Change, Item } from './items.ts'
import type { LoadNode, WalkOptions } from './tree-read.ts'

/** A moment of a store: the tree, and what is not in it yet */
export interface View {
  /** Name of the topmost node */
  top: Uint8Array
  recent: Change[]
}

/** Both together, the later ones winning; all are in the order of their keys, each key once. `dead` takes the names of values that are replaced */
export function mergeChanges (before: readonly Change[], later: readonly Change[], dead: Uint8Array[]): Change[] {
  const merged: Change[] = []
  let at = 0

  for (const change of later) {
    while (at < before.length && compareKeys(before[at].key, change.key) < 0) {
      merged.push(before[at++])
    }

    if (at < before.length && compareKeys(before[at].key, change.key) === 0) {
      const { value } = before[at++]

      if (isApart(value)) {
        dead.push(value.name)
      }
    }

    merged.push(change)
  }

  return merged.concat(before.slice(at))
}

/** What was changed under a key; undefined if nothing was */
export function findChange (recent: Change[], key: Uint8Array): Change | undefined {
  const change = recent[lowerBound(recent, key)]

  return change != null && compareKeys(change.key, key) === 0 ? change : undefined
}

/** Items within the bounds, in the order asked for */
export async function * walkItems (load: LoadNode, { top, recent }: View, options: WalkOptions): AsyncGenerator<Item> {
  const changes = within(recent, options)
  const direction = options.reverse === true ? -1 : 1
  let at = 0

  for await (const leaf of walkLeaves(load, top, options)) {
    for (const item of within(leaf.items, options)) {
      for (; at < changes.length && compareKeys(changes[at].key, item.key) * direction < 0; at++) {
        yield * present(changes[at])
      }

      if (at < changes.length && compareKeys(changes[at].key, item.key) === 0) {
        yield * present(changes[at++])
      } else {
        yield item
      }
    }
  }

  for (; at < changes.length; at++) {
    yield * present(changes[at])
  }
}

function present ({ key, value }: Change): Item[] {
  return value == null ? [] : [{ key, value }]
}
