import { expect } from 'aegir/chai'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { blockKey } from '../../src/media/block-key.ts'
import { MAX_BLOCK_BYTES, MAX_DAG_DEPTH, MAX_DAG_VISITS, MAX_DAG_WIDTH, WALK_CONCURRENCY } from '../../src/media/constants.ts'
import { walk } from '../../src/media/walk.ts'
import { fileNode, rawBlock } from './support/blocks.ts'
import type { Block } from './support/blocks.ts'
import type { Walked } from '../../src/media/walk.ts'

describe('media: walking a file that may be hostile', () => {
  const links = new Map<string, CID[]>()
  const blocks = new Map<string, Uint8Array>()
  let loads = 0
  let running = 0
  let most = 0

  beforeEach(() => {
    links.clear()
    blocks.clear()
    loads = 0
    most = 0
  })

  function keep (block: Block, children: CID[] = []): CID {
    blocks.set(blockKey(block.cid), block.bytes)
    links.set(blockKey(block.cid), children)

    return block.cid
  }

  function leaf (seed: number, size: number = 8): CID {
    const bytes = new Uint8Array(size)
    new DataView(bytes.buffer).setUint32(0, seed)

    return keep(rawBlock(bytes))
  }

  function node (children: CID[]): CID {
    return keep(fileNode(children, []), children)
  }

  async function go (root: CID, maxBytes: number = Infinity): Promise<Walked> {
    return walk(root, {
      maxBytes,
      decodeLinks: async cid => links.get(blockKey(cid)) ?? [],
      load: async cid => {
        loads++
        most = Math.max(most, ++running)
        await Promise.resolve()
        running--

        return blocks.get(blockKey(cid)) ?? new Uint8Array()
      }
    })
  }

  function chain (depth: number): CID {
    let cid = leaf(1)

    for (let i = 0; i < depth; i++) {
      cid = node([cid])
    }

    return cid
  }

  it('[ME5] loads each block once, several at a time, and counts its bytes once', async () => {
    const shared = leaf(0, 100)
    const root = node([...Array.from({ length: 20 }, (_, i) => leaf(i + 1, 100)), shared, shared])
    const { blocks: found, size } = await go(root)

    expect(found).to.have.lengthOf(22)
    expect(loads).to.equal(22)
    expect(most).to.equal(WALK_CONCURRENCY)
    expect(size).to.equal(21 * 100 + (blocks.get(blockKey(root))?.length ?? 0))
  })

  it('[ME5] as deep as allowed, and one deeper', async () => {
    expect((await go(chain(MAX_DAG_DEPTH))).blocks).to.have.lengthOf(MAX_DAG_DEPTH + 1)
    await expect(go(chain(MAX_DAG_DEPTH + 1))).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME5] deep by sharing: every node near the root, and a long way through all of them', async () => {
    const nodes: CID[] = [leaf(1)]

    for (let i = 0; i <= MAX_DAG_DEPTH; i++) {
      nodes.push(node([nodes[i]]))
    }

    await expect(go(node(nodes))).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME5] as wide as allowed, and one wider', async () => {
    const leaves = Array.from({ length: MAX_DAG_WIDTH + 1 }, (_, i) => leaf(i))

    expect((await go(node(leaves.slice(1)))).blocks).to.have.lengthOf(MAX_DAG_WIDTH + 1)
    await expect(go(node(leaves))).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME5] as large as allowed, and one byte larger', async () => {
    const one = leaf(1, MAX_BLOCK_BYTES)

    expect((await go(one, MAX_BLOCK_BYTES)).size).to.equal(MAX_BLOCK_BYTES)
    await expect(go(one, MAX_BLOCK_BYTES - 1)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
    await expect(go(leaf(2, MAX_BLOCK_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME5] a few blocks that unfold into a file without end', async () => {
    let cid = leaf(1)

    for (let i = 0; i < MAX_DAG_DEPTH; i++) {
      cid = node(new Array<CID>(MAX_DAG_WIDTH).fill(cid))
    }

    await expect(go(cid)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
    expect(loads).to.equal(MAX_DAG_DEPTH + 1)
  })

  it('[ME5] as many visits as allowed, and one more', async () => {
    const middle = node(Array.from({ length: 254 }, () => leaf(1)))
    const full = Array.from({ length: MAX_DAG_VISITS / 256 }, () => middle)
    // 256 times 255 visits, the root, and 255 or 256 leaves
    const rest = Array.from({ length: 255 }, (_, i) => leaf(i + 10))

    expect((await go(node([...full, ...rest]))).blocks).to.have.lengthOf(3 + 255)
    await expect(go(node([...full, ...rest, leaf(9)]))).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME5] nothing but raw and dag-pb, sha2-256', async () => {
    const { multihash } = leaf(1)
    const cbor = CID.createV1(0x71, multihash)
    const identity = CID.createV1(0x55, Digest.create(0, Uint8Array.of(1)))

    for (const cid of [cbor, identity]) {
      await expect(go(cid)).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
      await expect(go(node([cid]))).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
    }

    expect(loads).to.equal(2)
  })

  it('[ME5] the same block under two codecs', async () => {
    const cid = leaf(1)

    await expect(go(node([cid, CID.createV1(0x70, cid.multihash)]))).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
  })

  it('[ME5] a node that cannot be read', async () => {
    const root = node([leaf(1)])

    await expect(walk(root, {
      maxBytes: 1000,
      load: async () => Uint8Array.of(0xff),
      decodeLinks: async () => { throw new Error('not dag-pb') }
    })).to.eventually.be.rejected.with.property('name', 'MalformedMediaError')
  })

  it('[ME5] the first failure ends the loads that are still under way', async () => {
    const bad = leaf(2)
    const root = node([leaf(1), bad])
    let aborted = false

    await expect(walk(root, {
      maxBytes: 1000,
      decodeLinks: async cid => links.get(blockKey(cid)) ?? [],
      load: async (cid, signal) => {
        if (cid.equals(bad)) {
          throw new Error('gone')
        }

        if (cid.equals(root)) {
          return blocks.get(blockKey(cid)) ?? new Uint8Array()
        }

        return new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true
            reject(new Error('aborted'))
          })
        })
      }
    })).to.eventually.be.rejectedWith('gone')
    expect(aborted).to.be.true()
  })
})
