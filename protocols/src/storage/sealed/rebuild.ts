import { NO_KEY } from './items.ts'
import { splitNode } from './node-split.ts'
import type { Child } from './items.ts'
import type { Node } from './node.ts'
import type { Plan } from './tree-update.ts'

/** Branches over leaves that are there already, or an empty tree where there are none */
export function rebuildTree (leaves: Child[], commit: number, newName: () => Uint8Array): Omit<Plan, 'dead'> {
  const written: Plan['written'] = []
  let children = leaves

  const write = (node: Node): Child => {
    const name = newName()
    written.push({ name, node })

    return { key: node.low, name }
  }

  if (children.length === 0) {
    children = [write({ level: 0, commit, low: NO_KEY, high: undefined, items: [] })]
  }

  for (let level = 1; children.length > 1; level++) {
    children = splitNode({ level, commit, low: NO_KEY, high: undefined, children }, false).map(write)
  }

  return { top: children[0].name, written }
}
