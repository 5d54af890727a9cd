import { expect } from 'aegir/chai'
import { toHex } from '../../../src/ids.ts'
import { systemRandom } from '../../../src/interface.ts'
import { compareKeys } from '../../../src/storage/checks.ts'
import { MAX_NODE_BYTES } from '../../../src/storage/sealed/constants.ts'
import { isLeaf, partsOf, sizeOf } from '../../../src/storage/sealed/node.ts'
import { Records } from '../../../src/storage/sealed/records.ts'
import type { Store } from '../../../src/interface.ts'
import type { StoreKeys } from '../../../src/storage/sealed/index.ts'

export interface TreeShape {
  levels: number
  leaves: number
  /** Of all leaves */
  bytes: number
}

/** Every node is for the keys that its parent says, in their order, of the right level and no larger than it may be */
export async function checkTree (store: Store, keys: StoreKeys): Promise<TreeShape> {
  const records = new Records(store, keys, systemRandom)
  const root = await records.root()
  const shape: TreeShape = { levels: 1 + (await records.node(root.top)).node.level, leaves: 0, bytes: 0 }

  const visit = async (name: Uint8Array, low: Uint8Array, high: Uint8Array | undefined, level: number): Promise<void> => {
    const { node } = await records.node(name)
    const parts = partsOf(node)

    expect(node.level).to.equal(level)
    expect(toHex(node.low)).to.equal(toHex(low))
    expect(node.high == null ? null : toHex(node.high)).to.equal(high == null ? null : toHex(high))
    expect(sizeOf(node)).to.be.at.most(MAX_NODE_BYTES)

    for (const [i, { key }] of parts.entries()) {
      expect(compareKeys(key, low)).to.be.at.least(0)
      expect(high == null || compareKeys(key, high) < 0).to.equal(true)
      expect(i === 0 || compareKeys(parts[i - 1].key, key) < 0).to.equal(true)
    }

    if (isLeaf(node)) {
      shape.leaves++
      shape.bytes += sizeOf(node)
      return
    }

    expect(toHex(node.children[0].key)).to.equal(toHex(low))

    for (const [i, { key, name }] of node.children.entries()) {
      await visit(name, key, node.children[i + 1]?.key ?? high, level - 1)
    }
  }

  await visit(root.top, new Uint8Array(), undefined, shape.levels - 1)

  return shape
}
