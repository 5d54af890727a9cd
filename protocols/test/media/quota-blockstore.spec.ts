import { expect } from 'aegir/chai'
import { MemoryBlockstore } from 'blockstore-core'
import { BLOCK_COST_BYTES, MAX_EVICTION_STEPS } from '../../src/media/constants.ts'
import { memoryCache, quotaBlockstore, storeBlockstore } from '../../src/media/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { rawBlock } from './support/blocks.ts'
import type { CID } from 'multiformats/cid'

const COST = 1000 + BLOCK_COST_BYTES
const blocks = Array.from({ length: 200 }, (_, i) => rawBlock(new Uint8Array(1000).fill(i)))

describe('media: quota', () => {
  it('[ME10] what was used least recently goes when the quota is full', async () => {
    const cache = await memoryCache(2 * COST)

    await cache.put(blocks[0].cid, blocks[0].bytes)
    await cache.put(blocks[1].cid, blocks[1].bytes)

    for await (const bytes of cache.get(blocks[0].cid)) {
      expect(bytes).to.have.lengthOf(1000)
    }

    await cache.put(blocks[2].cid, blocks[2].bytes)

    expect(await cache.has(blocks[0].cid)).to.be.true()
    expect(await cache.has(blocks[1].cid)).to.be.false()
    expect(await cache.has(blocks[2].cid)).to.be.true()
    expect(cache.bytes).to.equal(2 * COST)
  })

  it('[ME10] what is kept stays, and what does not fit beside it is refused', async () => {
    const store = await quotaBlockstore(new MemoryBlockstore(), { maxBytes: 2 * COST, keeps: cid => !cid.equals(blocks[1].cid) })

    await store.put(blocks[0].cid, blocks[0].bytes)
    await store.put(blocks[1].cid, blocks[1].bytes)
    await store.put(blocks[2].cid, blocks[2].bytes)

    expect(await store.has(blocks[0].cid)).to.be.true()
    expect(await store.has(blocks[1].cid)).to.be.false()
    await expect(store.put(blocks[3].cid, blocks[3].bytes)).to.eventually.be.rejected.with.property('name', 'MediaQuotaError')
    expect(await store.has(blocks[3].cid)).to.be.false()
    expect(store.bytes).to.equal(2 * COST)
  })

  it('[ME10] a block of one byte more than there is room for is refused', async () => {
    const cache = await memoryCache(COST)
    const large = rawBlock(new Uint8Array(1001))

    await expect(cache.put(large.cid, large.bytes)).to.eventually.be.rejected.with.property('name', 'MediaQuotaError')
  })

  it('[ME10] no more than a few blocks are looked at for each new one', async () => {
    let looked = 0
    const store = await quotaBlockstore(new MemoryBlockstore(), {
      maxBytes: 100 * COST,
      keeps: () => {
        looked++

        return true
      }
    })

    for (const { cid, bytes } of blocks.slice(0, 100)) {
      await store.put(cid, bytes)
    }

    await expect(store.put(blocks[100].cid, blocks[100].bytes)).to.eventually.be.rejected.with.property('name', 'MediaQuotaError')
    expect(looked).to.equal(MAX_EVICTION_STEPS)
  })

  it('[ME10] a block counts once, and not any more when it was deleted', async () => {
    const cache = await memoryCache(10 * COST)

    await cache.put(blocks[0].cid, blocks[0].bytes)
    await cache.put(blocks[0].cid, blocks[0].bytes)
    expect(cache.bytes).to.equal(COST)
    await cache.delete(blocks[0].cid)
    await cache.delete(blocks[0].cid)
    expect(cache.bytes).to.equal(0)
  })

  it('[ME10] what is there from before counts', async () => {
    const inner = storeBlockstore(memoryStore())
    const put: CID[] = []

    for await (const cid of inner.putMany(blocks.slice(0, 3))) {
      put.push(cid)
    }

    const store = await quotaBlockstore(inner, { maxBytes: 3 * COST, keeps: () => false })

    expect(store.bytes).to.equal(3 * COST)
    await store.put(blocks[3].cid, blocks[3].bytes)
    expect(store.bytes).to.equal(3 * COST)
    expect(await Promise.all(put.map(async cid => store.has(cid)))).to.have.members([false, true, true])
  })
})
