/** What is left of a damaged store. Rules: specs/storage.md [ST69] */
import { toHex } from '../../ids.ts'
import { systemRandom } from '../../interface.ts'
import { compareKeys } from '../checks.ts'
import { NAME_BYTES } from './constants.ts'
import { isApart, NO_KEY } from './items.ts'
import { encodeNode, isLeaf } from './node.ts'
import { rebuildTree } from './rebuild.ts'
import { Records } from './records.ts'
import { encodeRoot } from './root.ts'
import { lowerBound } from './tree-read.ts'
import type { Change, Child } from './items.ts'
import type { Root } from './root.ts'
import type { SealedStoreInit } from './sealed-store.ts'
import type { AbortOptions, Store, StoreOp } from '../../interface.ts'

/** From `gte` on, up to `lt`; an open end where it is undefined */
export interface KeyRange {
  gte: Uint8Array
  lt: Uint8Array | undefined
}

export interface SalvageReport {
  /** Nothing that was here is left */
  lost: KeyRange[]
  /** What is here may be older than what was here last */
  uncertain: KeyRange[]
}

/** What is known of an intact node */
interface Found {
  name: Uint8Array
  level: number
  commit: number
  low: Uint8Array
  high: Uint8Array | undefined
  children: Child[]
}

interface Inventory {
  root: Root | undefined
  nodes: Map<string, Found>
  values: Set<string>
}

/** A leaf that is taken, for these keys */
interface Taken extends KeyRange {
  /** Its place among others: `gte` */
  key: Uint8Array
  leaf: Found
}

function compareEnds (a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  return a == null || b == null ? Number(a == null) - Number(b == null) : compareKeys(a, b)
}

async function takeInventory (store: Store, records: Records, { signal }: AbortOptions): Promise<Inventory> {
  const nodes = new Map<string, Found>()
  const values = new Set<string>()

  for await (const [name, sealed] of store.range(signal == null ? {} : { signal })) {
    const found = name.length === NAME_BYTES ? await records.identify(name, sealed) : undefined

    if (found === 'value') {
      values.add(toHex(name))
    } else if (found != null) {
      const { level, commit, low, high } = found
      nodes.set(toHex(name), { name, level, commit, low: low.slice(), high: high?.slice(), children: isLeaf(found) ? [] : found.children })
    }
  }

  return { root: await records.root().catch(() => undefined), nodes, values }
}

class Salvage {
  readonly report: SalvageReport = { lost: [], uncertain: [] }
  readonly taken: Taken[] = []
  readonly #inventory: Inventory
  readonly #reached = new Set<string>()
  /** Ranges below which a branch is lost, so that leaves within may still be found */
  readonly #holes: KeyRange[] = []

  constructor (inventory: Inventory) {
    this.#inventory = inventory
  }

  run (): void {
    const { root } = this.#inventory
    const whole: KeyRange = { gte: NO_KEY, lt: undefined }

    if (root == null) {
      this.#holes.push(whole)
    } else {
      // known to be older than what is there now
      root.dead.forEach(name => this.#reached.add(toHex(name)))
      this.#visit(root.top, whole, undefined)
    }

    this.#holes.forEach(hole => { this.#fill(hole) })
    this.taken.sort((a, b) => compareKeys(a.gte, b.gte))
  }

  /** `level` is undefined where it is not known */
  #visit (name: Uint8Array, range: KeyRange, level: number | undefined): void {
    const node = this.#inventory.nodes.get(toHex(name))
    this.#reached.add(toHex(name))

    if (node == null) {
      (level === 0 ? this.report.lost : this.#holes).push(range)
    } else if (node.level === 0) {
      this.taken.push({ ...range, key: range.gte, leaf: node })
    } else {
      node.children.forEach(({ key, name }, i) => {
        this.#visit(name, { gte: i === 0 ? range.gte : key, lt: node.children[i + 1]?.key ?? range.lt }, node.level - 1)
      })
    }
  }

  #fill (hole: KeyRange): void {
    const within = [...this.#inventory.nodes].filter(([id, { level, low, high }]) => level === 0 && !this.#reached.has(id) &&
      compareKeys(low, hole.gte) >= 0 && compareEnds(high, hole.lt) <= 0).map(([, found]) => found)
    const found: Taken[] = []

    for (const leaf of within.sort((a, b) => b.commit - a.commit)) {
      const range = { gte: leaf.low, lt: leaf.high }
      const at = lowerBound(found, leaf.low)
      const before = found[at - 1]
      const isAfter = before == null || (before.lt != null && compareKeys(before.lt, leaf.low) <= 0)

      if (isAfter && (found[at] == null || compareEnds(leaf.high, found[at].gte) <= 0)) {
        found.splice(at, 0, { ...range, key: leaf.low, leaf })
        this.report.uncertain.push(range)
      }
    }

    found.forEach(one => this.taken.push(one))

    let from: Uint8Array | undefined = hole.gte

    for (const { gte, lt } of found) {
      if (from != null && compareKeys(from, gte) < 0) {
        this.report.lost.push({ gte: from, lt: gte })
      }

      from = lt
    }

    if (from != null && compareEnds(from, hole.lt) < 0) {
      this.report.lost.push({ gte: from, lt: hole.lt })
    }
  }
}

interface Repair {
  records: Records
  inventory: Inventory
  report: SalvageReport
  commit: number
}

function isLost ({ values }: Inventory, { value }: Change): boolean {
  return isApart(value) && !values.has(toHex(value.name))
}

/** Leaves that touch each other, without values that are not there; those that must change are written anew */
async function mendLeaves ({ records, inventory, report, commit }: Repair, taken: Taken[], { signal }: AbortOptions): Promise<{ leaves: Child[], ops: StoreOp[] }> {
  const leaves: Child[] = []
  const ops: StoreOp[] = []

  for (const [i, { gte, leaf }] of taken.entries()) {
    signal?.throwIfAborted()
    const { node } = await records.node(leaf.name)
    const low = i === 0 ? NO_KEY : gte
    const high = taken[i + 1]?.gte
    const items = isLeaf(node) ? node.items : []
    const kept = items.filter(item => !isLost(inventory, item))
    report.lost.push(...onlyKeys(items.filter(item => isLost(inventory, item))))

    if (kept.length === items.length && compareKeys(low, leaf.low) === 0 && compareEnds(high, leaf.high) === 0) {
      leaves.push({ key: low, name: leaf.name })
    } else {
      const name = records.newName()
      ops.push(await records.sealNode(name, encodeNode({ level: 0, commit, low, high, items: kept })))
      leaves.push({ key: low, name })
    }
  }

  return { leaves, ops }
}

/** For each key the range that holds nothing else */
function onlyKeys (changes: Change[]): KeyRange[] {
  return changes.map(({ key }) => ({ gte: key.slice(), lt: Uint8Array.of(...key, 0) }))
}

/**
 * Makes a store whole again from what is intact, and says what is not there any more. It must not be open meanwhile. Nothing is changed
 * where there is no damage; what another key sealed is left alone.
 */
export async function salvageSealedStore ({ store, keys, random = systemRandom }: SealedStoreInit, options: AbortOptions = {}): Promise<SalvageReport> {
  const records = new Records(store, keys, random)
  const inventory = await takeInventory(store, records, options)
  const salvage = new Salvage(inventory)
  salvage.run()

  const { report, taken } = salvage
  const commit = [...inventory.nodes.values()].reduce((latest, node) => Math.max(latest, node.commit), inventory.root?.commit ?? 0) + 1
  const { leaves, ops } = await mendLeaves({ records, inventory, report, commit }, taken, options)
  const recent = inventory.root?.recent ?? []
  report.lost.push(...onlyKeys(recent.filter(change => isLost(inventory, change))))

  if (report.lost.length === 0 && report.uncertain.length === 0) {
    return report
  }

  const { top, written } = rebuildTree(leaves, commit, () => records.newName())
  const inPlace = new Set(leaves.map(({ name }) => toHex(name)))
  const root = { commit, top, dead: inventory.root?.dead ?? [], recent: recent.filter(change => !isLost(inventory, change)) }

  for (const { name, node } of written) {
    ops.push(await records.sealNode(name, encodeNode(node)))
  }

  for (const [id, { name }] of inventory.nodes) {
    if (!inPlace.has(id)) {
      ops.push({ type: 'delete', key: name })
    }
  }

  ops.push(await records.sealRoot(encodeRoot(root)))
  await store.batch(ops, { durability: 'strict' })

  return report
}
