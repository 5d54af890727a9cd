import { toHex } from '../../ids.ts'
import { compareKeys } from '../checks.ts'
import { MAX_INLINE_VALUE_BYTES, MAX_RECENT_BYTES } from './constants.ts'
import { costOfAll } from './items.ts'
import { decodeNode, encodeNode } from './node.ts'
import { mergeChanges } from './recent.ts'
import { decodeRoot, encodeRoot } from './root.ts'
import { planUpdate } from './tree-update.ts'
import type { Change } from './items.ts'
import type { Session } from './session.ts'
import type { Plan } from './tree-update.ts'
import type { Store, StoreOp } from '../../interface.ts'

interface Changes {
  changes: Change[]
  /** Values that get records of their own */
  apart: Array<{ name: Uint8Array, value: Uint8Array }>
}

/** The last word on each key, in the order of the keys */
function collect (ops: readonly StoreOp[], newName: () => Uint8Array): Changes {
  const last = new Map(ops.map(op => [toHex(op.key), op]))
  const apart: Changes['apart'] = []

  const changes = [...last.values()].sort((a, b) => compareKeys(a.key, b.key)).map((op): Change => {
    if (op.type === 'delete') {
      return { key: op.key, value: undefined }
    }

    if (op.value.length <= MAX_INLINE_VALUE_BYTES) {
      return { key: op.key, value: op.value }
    }

    const name = newName()
    apart.push({ name, value: op.value })

    return { key: op.key, value: { name, length: op.value.length } }
  })

  return { changes, apart }
}

/** The tree stays as it is while there is little that is not in it */
async function plan (session: Session, commit: number, changes: Change[], newName: () => Uint8Array): Promise<Plan & { recent: Change[] }> {
  const { top, recent } = session.view
  const replaced: Uint8Array[] = []
  const merged = mergeChanges(recent, changes, replaced)

  if (costOfAll(merged) <= MAX_RECENT_BYTES) {
    return { top, written: [], dead: replaced, recent: merged }
  }

  const { dead, ...planned } = await planUpdate({ load: session.load, newName, commit }, top, merged)

  return { ...planned, dead: [...replaced, ...dead], recent: [] }
}

/**
 * Writes all of it or nothing, and moves the session on. The arrays in `ops` are such as nobody changes. Rules: specs/storage.md [ST66]
 */
export async function writeCommit (store: Store, session: Session, ops: readonly StoreOp[], strict: boolean): Promise<void> {
  const { records } = session
  const commit = session.commit + 1
  const newName = (): Uint8Array => records.newName()
  const { changes, apart } = collect(ops, newName)
  const planned = await plan(session, commit, changes, newName)

  const unread = new Set(session.unread())
  const dead = [...session.dead.filter(one => !unread.has(one)), ...planned.dead.map(name => ({ name, since: commit }))]
  const root = encodeRoot({ commit, top: planned.top, dead: dead.map(({ name }) => name), recent: planned.recent })
  const written = planned.written.map(({ name, node }) => ({ name, plain: encodeNode(node) }))

  const sealed = await Promise.all([
    ...written.map(async ({ name, plain }) => records.sealNode(name, plain)),
    ...apart.map(async ({ name, value }) => records.sealValue(name, value)),
    records.sealRoot(root)
  ])
  const deletions = [...unread].map(({ name }): StoreOp => ({ type: 'delete', key: name }))

  await store.batch([...sealed, ...deletions], { durability: strict ? 'strict' : 'relaxed' })

  // both are read from their own bytes: else they would hold on to all those that their items came from
  session.advance(decodeRoot(root), dead)
  planned.dead.forEach(name => { session.cache.delete(name) })
  written.forEach(({ name, plain }) => { session.cache.add(name, { node: decodeNode(plain), bytes: plain.length }) })
}
