/** What a commit writes: new nodes from the leaves to the top, and what they replace. */
import { compareKeys } from '../checks.ts'
import { MAX_NODE_BYTES, MIN_NODE_BYTES } from './constants.ts'
import { isApart } from './items.ts'
import { splitNode } from './node-split.ts'
import { isLeaf, sizeOf } from './node.ts'
import { childIndex } from './tree-read.ts'
import type { Change, Child, Item } from './items.ts'
import type { Branch, Leaf, Node } from './node.ts'
import type { LoadNode } from './tree-read.ts'

export interface Plan {
  /** Name of the topmost node */
  top: Uint8Array
  written: Array<{ name: Uint8Array, node: Node }>
  /** Names of records that nothing leads to any more */
  dead: Uint8Array[]
}

export interface UpdateInit {
  load: LoadNode
  newName (): Uint8Array
  commit: number
}

/** A part of a branch: a child as it was, or a node that takes the place of one */
type Part = { child: Child } | { node: Node, shrunk: boolean }

class Update {
  readonly written: Plan['written'] = []
  readonly dead: Uint8Array[] = []
  readonly #init: UpdateInit

  constructor (init: UpdateInit) {
    this.#init = init
  }

  /** The new name of the topmost node */
  async run (top: Uint8Array, changes: readonly Change[]): Promise<Uint8Array> {
    let children = this.#write(await this.#update({ key: new Uint8Array(), name: top }, changes))

    while (children.length > 1) {
      const branch: Branch = { level: 1 + this.#levelOf(children[0]), commit: this.#init.commit, low: new Uint8Array(), high: undefined, children }
      children = this.#write(splitNode(branch, true).map(node => ({ node, shrunk: false })))
    }

    return children[0].name
  }

  async #update (child: Child, changes: readonly Change[]): Promise<Part[]> {
    const node = await this.#init.load(child.name)
    const parts = isLeaf(node) ? this.#updateLeaf(node, changes) : await this.#updateBranch(node, changes)

    if (parts == null) {
      return [{ child }]
    }

    this.dead.push(child.name)

    return parts
  }

  /** @returns undefined if it stays as it is */
  #updateLeaf (leaf: Leaf, changes: readonly Change[]): Part[] | undefined {
    const items: Item[] = []
    let at = 0
    let changed = false
    let deleted = false

    for (const { key, value } of changes) {
      while (at < leaf.items.length && compareKeys(leaf.items[at].key, key) < 0) {
        items.push(leaf.items[at++])
      }

      const before = at < leaf.items.length && compareKeys(leaf.items[at].key, key) === 0 ? leaf.items[at++] : undefined

      if (before != null && isApart(before.value)) {
        this.dead.push(before.value.name)
      }

      if (value != null) {
        items.push({ key, value })
      }

      changed ||= value != null || before != null
      deleted ||= value == null && before != null
    }

    if (!changed) {
      return undefined
    }

    const isAppend = at === leaf.items.length && items.at(-1)?.key === changes.at(-1)?.key

    return splitNode({ ...leaf, commit: this.#init.commit, items: items.concat(leaf.items.slice(at)) }, isAppend)
      .map(node => ({ node, shrunk: deleted && sizeOf(node) < MIN_NODE_BYTES }))
  }

  /** @returns undefined if it stays as it is */
  async #updateBranch (branch: Branch, changes: readonly Change[]): Promise<Part[] | undefined> {
    const groups: Change[][] = branch.children.map(() => [])

    for (const change of changes) {
      groups[childIndex(branch, change.key)].push(change)
    }

    const parts = (await Promise.all(branch.children.map(async (child, i) => groups[i].length === 0 ? [{ child }] : this.#update(child, groups[i])))).flat()

    if (parts.every(part => 'child' in part)) {
      return undefined
    }

    const joined = await this.#join(parts)
    const isAppend = 'node' in joined[joined.length - 1]
    const children = this.#write(joined)
    const shrunk = children.length < branch.children.length

    return splitNode({ ...branch, commit: this.#init.commit, children }, isAppend)
      .map(node => ({ node, shrunk: shrunk && sizeOf(node) < MIN_NODE_BYTES }))
  }

  /** Puts what deletions left over together with what is beside it */
  async #join (parts: Part[]): Promise<Part[]> {
    const joined: Part[] = []

    for (const part of parts) {
      const before = joined.at(-1)

      if (before != null && (isShrunk(before) || isShrunk(part))) {
        const [left, right] = await Promise.all([this.#nodeOf(before), this.#nodeOf(part)])
        const size = sizeOf(left) + sizeOf(right)

        if (size <= MAX_NODE_BYTES || sizeOf(left) === 0 || sizeOf(right) === 0) {
          this.#replace(before)
          this.#replace(part)
          joined[joined.length - 1] = { node: concatNodes(left, right), shrunk: size < MIN_NODE_BYTES }
          continue
        }
      }

      joined.push(part)
    }

    return joined
  }

  async #nodeOf (part: Part): Promise<Node> {
    return 'node' in part ? part.node : this.#init.load(part.child.name)
  }

  #replace (part: Part): void {
    if ('child' in part) {
      this.dead.push(part.child.name)
    }
  }

  #write (parts: Part[]): Child[] {
    return parts.map(part => {
      if ('child' in part) {
        return part.child
      }

      const name = this.#init.newName()
      this.written.push({ name, node: { ...part.node, commit: this.#init.commit } })

      return { key: part.node.low, name }
    })
  }

  #levelOf ({ name }: Child): number {
    return this.written.find(written => written.name === name)?.node.level ?? 0
  }
}

function isShrunk (part: Part): boolean {
  return 'node' in part && part.shrunk
}

function concatNodes (left: Node, right: Node): Node {
  if (isLeaf(left) && isLeaf(right)) {
    return { ...left, high: right.high, items: left.items.concat(right.items) }
  }

  return { ...left, high: right.high, children: (left as Branch).children.concat((right as Branch).children) }
}

/** What is to be written so that the tree under `top` has the changes, which are in the order of their keys, each key once */
export async function planUpdate (init: UpdateInit, top: Uint8Array, changes: readonly Change[]): Promise<Plan> {
  if (changes.length === 0) {
    return { top, written: [], dead: [] }
  }

  const update = new Update(init)
  const name = await update.run(top, changes)
  const { written, dead } = update

  return collapse({ top: name, written, dead })
}

/** A branch on top that has one child only is not needed */
function collapse ({ top, written, dead }: Plan): Plan {
  const at = written.findIndex(({ name }) => name === top)
  const node = at === -1 ? undefined : written[at].node

  if (node == null || isLeaf(node) || node.children.length > 1) {
    return { top, written, dead }
  }

  return collapse({ top: node.children[0].name, written: written.toSpliced(at, 1), dead })
}
