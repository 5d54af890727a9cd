import { generateKeyPair } from '@libp2p/crypto/keys'
import { defaultLogger } from '@libp2p/logger'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect } from 'aegir/chai'
import { MAX_THROUGH_FETCHES, MAX_THROUGH_FETCHES_PER_PEER } from '../../src/media/constants.ts'
import { storeBlockstore } from '../../src/media/index.ts'
import { createThrough } from '../../src/media/through.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { rawBlock } from './support/blocks.ts'
import type { BlockRequests } from '../../src/media/requests.ts'
import type { Through } from '../../src/media/through.ts'
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

async function peer (): Promise<PeerId> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
}

function cid (i: number): CID {
  return rawBlock(Uint8Array.of(i, i >> 8)).cid
}

describe('media: bounds of fetching through', () => {
  const never = new AbortController().signal
  let source: PeerId
  let asked: CID[]
  let aborted: number
  let answer: ((block: Uint8Array) => void) | undefined
  let through: Through

  before(async () => {
    source = await peer()
  })

  beforeEach(() => {
    asked = []
    aborted = 0
    const requests: BlockRequests = {
      start: () => {},
      stop: () => {},
      fetch: async (cid, providers, { signal } = {}) => {
        asked.push(cid)

        return new Promise((resolve, reject) => {
          answer = resolve
          signal?.addEventListener('abort', () => {
            aborted++
            reject(new Error('aborted'))
          })
        })
      }
    }
    through = createThrough({ requests, blockstore: storeBlockstore(memoryStore()), sourcesFor: () => [source], log: defaultLogger().forComponent('test') })
  })

  it('[ME8] as many blocks for one peer as allowed, and no more', async () => {
    const greedy = await peer()

    for (let i = 0; i < MAX_THROUGH_FETCHES_PER_PEER; i++) {
      expect(through.mayFetch(cid(i), greedy)).to.be.true()
      void through.fetch(cid(i), greedy, { signal: never })
    }

    expect(through.mayFetch(cid(1000), greedy)).to.be.false()
    expect(through.mayFetch(cid(1000), await peer())).to.be.true()
  })

  it('[ME8] as many blocks at the same time as allowed, and only those that are on their way already', async () => {
    for (let i = 0; i < MAX_THROUGH_FETCHES; i += MAX_THROUGH_FETCHES_PER_PEER) {
      const one = await peer()

      for (let n = i; n < i + MAX_THROUGH_FETCHES_PER_PEER; n++) {
        void through.fetch(cid(n), one, { signal: never })
      }
    }

    const late = await peer()

    expect(through.mayFetch(cid(1000), late)).to.be.false()
    expect(through.mayFetch(cid(0), late)).to.be.true()
  })

  it('[ME8] one fetch for all who wait, given up when the last of them is gone', async () => {
    const first = new AbortController()
    const second = new AbortController()
    const one = through.fetch(cid(1), await peer(), first)
    const two = through.fetch(cid(1), await peer(), second)

    expect(asked).to.have.lengthOf(1)
    first.abort()
    expect(await one).to.be.undefined()
    expect(aborted).to.equal(0)
    second.abort()
    expect(await two).to.be.undefined()
    expect(aborted).to.equal(1)
  })

  it('[ME8] whoever comes when a fetch was just given up has a new one', async () => {
    const controller = new AbortController()
    const one = through.fetch(cid(1), await peer(), controller)
    controller.abort()
    const two = through.fetch(cid(1), await peer(), { signal: never })
    await one
    const three = through.fetch(cid(1), await peer(), { signal: never })
    answer?.(Uint8Array.of(1))

    expect(await three).to.deep.equal(Uint8Array.of(1))
    expect(await two).to.deep.equal(Uint8Array.of(1))
  })

  it('[ME8] nobody is asked on behalf of the only source', () => {
    expect(through.mayFetch(cid(1), source)).to.be.false()
  })
})
