import { toHex } from '../../ids.ts'
import { compareKeys } from '../checks.ts'
import { MAX_INLINE_VALUE_BYTES } from './constants.ts'
import { decodeNode, encodeNode } from './node.ts'
import { planUpdate } from './tree-update.ts'
import type { Store, StoreOp } from '../../interface.ts'
import type { Session } from './session.ts'
import type { Change } from './tree-update.ts'

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

/**
 * Writes all of it or nothing, and moves the session on. Rules: specs/storage.md [ST66]
 *
 * @param ops - arrays that nobody changes
 */
export async function writeCommit (store: Store, session: Session, ops: readonly StoreOp[], strict: boolean): Promise<void> {
  const { records } = session
  const commit = session.commit + 1
  const newName = (): Uint8Array => records.newName()
  const { changes, apart } = collect(ops, newName)
  const plan = await planUpdate({ load: session.load, newName, commit }, session.top, changes)

  const unread = new Set(session.unread())
  const dead = [...session.dead.filter(one => !unread.has(one)), ...plan.dead.map(name => ({ name, since: commit }))]
  const root = { commit, top: plan.top, dead: dead.map(({ name }) => name) }
  const written = plan.written.map(({ name, node }) => ({ name, plain: encodeNode(node) }))

  const sealed = await Promise.all([
    ...written.map(async ({ name, plain }) => records.sealNode(name, plain)),
    ...apart.map(async ({ name, value }) => records.sealValue(name, value)),
    records.sealRoot(root)
  ])
  const deletions = [...unread].map(({ name }): StoreOp => ({ type: 'delete', key: name }))

  await store.batch([...sealed, ...deletions], { durability: strict ? 'strict' : 'relaxed' })

  session.advance(root, dead)
  plan.dead.forEach(name => { session.cache.delete(name) })
  // read from its own bytes: else it would hold on to all those that its items came from
  written.forEach(({ name, plain }) => { session.cache.add(name, { node: decodeNode(plain), bytes: plain.length }) })
}
