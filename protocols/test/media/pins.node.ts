import { expect } from 'aegir/chai'
import { encode } from 'it-length-prefixed'
import { signerFromSeed } from '../../src/identity/index.ts'
import { spaceId } from '../../src/ids.ts'
import { MAX_PIN_ROOTS, MAX_PINS_AT_ONCE, PINS_PER_REQUEST } from '../../src/media/constants.ts'
import { memoryCache, PIN_PROTOCOL, pins } from '../../src/media/index.ts'
import { memoryDisk } from '../../src/storage/index.ts'
import { rawBlock } from './support/blocks.ts'
import { all } from './support/iterables.ts'
import { connect, noiseBytes, startPeer, stopPeers } from './support/peers.ts'
import type { MediaPeer } from './support/peers.ts'
import type { PinAnswer, Pins, PinsInit } from '../../src/media/index.ts'
import type { MemoryDisk } from '../../src/storage/index.ts'

const SPACE = spaceId(new Uint8Array(32).fill(7))

describe('media: pinning for another peer', () => {
  let disk: MemoryDisk
  let author: MediaPeer
  let home: MediaPeer
  let asking: Pins
  let holding: Pins

  async function hold (init: Partial<PinsInit> = {}): Promise<void> {
    await holding?.stop()
    holding = pins({ media: home.media, signer: await signerFromSeed(new Uint8Array(32).fill(1)), admits: () => true, ...init })(home)
    await holding.start()
  }

  beforeEach(async () => {
    disk = memoryDisk()
    author = await startPeer()
    home = await startPeer({ store: disk.open() })
    await connect(author, home)
    asking = pins({ media: author.media })(author)
    await asking.start()
    await hold()
  })

  afterEach(async () => {
    await asking.stop()
    await holding.stop()
    await stopPeers()
  })

  async function ask (roots: Array<{ cid: Awaited<ReturnType<typeof rawBlock>>['cid'], size: number }>): Promise<PinAnswer[]> {
    return all(asking.request(home.libp2p.peerId, SPACE, roots))
  }

  it('[ME11] a signed receipt for each file, once it is durable there', async () => {
    const files = await Promise.all([1, 2, 3, 4, 5, 6].map(async seed => author.media.add(noiseBytes(700_000, seed))))
    const answers = await ask(files)
    const { publicKey } = await signerFromSeed(new Uint8Array(32).fill(1))

    expect(answers).to.have.lengthOf(6)

    for (const answer of answers) {
      if (answer.type !== 'receipt') {
        throw new Error('not a receipt')
      }

      expect(answer.receipt.by).to.equalBytes(publicKey)
      expect(answer.receipt.size).to.be.above(700_000)
      expect(files.some(({ cid }) => cid.equals(answer.receipt.root))).to.be.true()
    }

    disk.powerCut()
    const again = await startPeer({ store: disk.open() })

    for (const { cid, size } of files) {
      expect(await again.media.isPinned(cid)).to.be.true()
      expect(await again.media.get(cid, size, { providers: [] })).to.have.lengthOf(700_000)
    }
  })

  it('[ME11] what was only in the cache before is durable too', async () => {
    const { cid, size } = await author.media.add(noiseBytes(700_000))
    await home.media.get(cid, size, { providers: [author.libp2p.peerId] })
    await ask([{ cid, size }])
    disk.powerCut()

    expect(await (await startPeer({ store: disk.open() })).media.get(cid, size, { providers: [] })).to.have.lengthOf(size)
  })

  it('[ME11] the same file again: another receipt, nothing fetched', async () => {
    const file = await author.media.add(noiseBytes(1000))
    await ask([file])
    await author.media.stop()

    expect((await ask([file])).map(({ type }) => type)).to.deep.equal(['receipt'])
  })

  it('[ME12] only what is admitted is kept', async () => {
    const yes = await author.media.add(noiseBytes(1000, 1))
    const no = await author.media.add(noiseBytes(1000, 2))
    const asked: unknown[] = []
    await hold({
      admits: (peer, space, cid, size) => {
        asked.push([peer.toString(), space, size])

        return cid.equals(yes.cid)
      }
    })

    const answers = await ask([yes, no])

    expect(answers.find(({ type }) => type === 'failure')).to.deep.equal({ type: 'failure', cid: no.cid, reason: 'refused' })
    expect(answers.filter(({ type }) => type === 'receipt')).to.have.lengthOf(1)
    expect(asked).to.deep.equal([1, 2].map(() => [author.libp2p.peerId.toString(), SPACE, 1000]))
    expect(await home.media.has(no.cid)).to.be.false()
  })

  it('[ME12] a file that cannot be had, and one that is not what was announced', async () => {
    const gone = rawBlock(noiseBytes(10, 9))
    const large = await author.media.add(noiseBytes(2_000_000))
    const answers = await ask([{ cid: gone.cid, size: 10 }, { cid: large.cid, size: 1000 }])

    expect(answers).to.have.deep.members([
      { type: 'failure', cid: gone.cid, reason: 'unavailable' },
      { type: 'failure', cid: large.cid, reason: 'unfit' }
    ])
  })

  it('[ME12] a file for which there is no room', async () => {
    const full = await startPeer({ blockstore: await memoryCache(1000) })
    await connect(author, full)
    const holder = pins({ media: full.media, signer: await signerFromSeed(new Uint8Array(32)), admits: () => true })(full)
    await holder.start()
    const file = await author.media.add(noiseBytes(5000))

    expect(await all(asking.request(full.libp2p.peerId, SPACE, [file]))).to.deep.equal([{ type: 'failure', cid: file.cid, reason: 'full' }])
    await holder.stop()
  })

  it('[ME12] a file is fetched from elsewhere when the asking peer does not have it', async () => {
    const other = await startPeer()
    await connect(other, home)
    await hold({ sources: () => [other.libp2p.peerId] })
    const file = await other.media.add(noiseBytes(700_000))

    expect((await ask([file])).map(({ type }) => type)).to.deep.equal(['receipt'])
  })

  it('[ME12] as many roots as allowed, and one more', async () => {
    await hold({ admits: () => false })
    const roots = Array.from({ length: MAX_PIN_ROOTS + 1 }, (_, i) => ({ cid: rawBlock(Uint8Array.of(i, i >> 8)).cid, size: 2 }))

    expect(await ask(roots.slice(1))).to.have.lengthOf(MAX_PIN_ROOTS)
    await expect(ask(roots)).to.eventually.be.rejected.with.property('name', 'MediaLimitError')
  })

  it('[ME12] a request that is none ends the stream', async () => {
    const stream = await author.libp2p.dialProtocol(home.libp2p.peerId, PIN_PROTOCOL)
    const closed = Promise.withResolvers<void>()
    stream.addEventListener('close', () => { closed.resolve() })
    stream.send(encode.single(Uint8Array.of(0xff)))
    await closed.promise
    expect(stream.status).to.equal('reset')
  })

  it('[ME12] a request that does not come in time ends the stream', async () => {
    await hold({ requestTimeout: 50 })
    const stream = await author.libp2p.dialProtocol(home.libp2p.peerId, PIN_PROTOCOL)
    const closed = Promise.withResolvers<void>()
    stream.addEventListener('close', () => { closed.resolve() })

    // on a busy machine the time may be over before the stream is here
    if (stream.status === 'open') {
      stream.send(Uint8Array.of(100))
      await closed.promise
    }

    expect(stream.status).to.equal('reset')
  })

  it('[ME12] no more files at the same time than allowed, of one request and of all', async () => {
    let running = 0
    let most = 0
    let goOn = false
    const waiting: Array<() => void> = []
    let enough = PINS_PER_REQUEST
    let reached = Promise.withResolvers<void>()
    await hold({
      media: {
        pin: async () => {
          most = Math.max(most, ++running)

          if (running === enough) {
            reached.resolve()
          }

          if (!goOn) {
            await new Promise<void>(resolve => { waiting.push(resolve) })
          }

          running--

          return { size: 1 }
        }
      }
    })
    const roots = Array.from({ length: 6 }, (_, i) => ({ cid: rawBlock(Uint8Array.of(i)).cid, size: 1 }))
    const all = [ask(roots)]
    await reached.promise
    expect(waiting).to.have.lengthOf(PINS_PER_REQUEST)

    reached = Promise.withResolvers()
    enough = MAX_PINS_AT_ONCE

    while (all.length * PINS_PER_REQUEST <= MAX_PINS_AT_ONCE) {
      all.push(ask(roots))
    }

    await reached.promise
    goOn = true
    waiting.forEach(resolve => { resolve() })

    expect((await Promise.all(all)).map(({ length }) => length)).to.deep.equal(all.map(() => 6))
    expect(most).to.equal(MAX_PINS_AT_ONCE)
  })

  it('[ME12] whoever asks can give up, and then nothing is kept', async () => {
    const waiting = Promise.withResolvers<void>()
    const aborted = Promise.withResolvers<void>()
    await hold({
      media: {
        pin: async (cid, { signal }) => {
          waiting.resolve()

          return new Promise((resolve, reject) => {
            signal?.addEventListener('abort', () => {
              aborted.resolve()
              reject(signal.reason)
            })
          })
        }
      }
    })
    const controller = new AbortController()
    const file = await author.media.add(noiseBytes(1000))
    const answers = all(asking.request(home.libp2p.peerId, SPACE, [file], { signal: controller.signal }))
    await waiting.promise
    controller.abort(new Error('enough'))

    await expect(answers).to.eventually.be.rejectedWith('enough')
    await aborted.promise
  })

  it('[ME12] a holder that stops is told apart from one that refuses', async () => {
    const waiting = Promise.withResolvers<void>()
    await hold({
      media: {
        pin: async (cid, { signal }) => {
          waiting.resolve()

          return new Promise((resolve, reject) => { signal?.addEventListener('abort', () => { reject(signal.reason) }) })
        }
      }
    })
    const file = await author.media.add(noiseBytes(1000))
    const answers = ask([file])
    await waiting.promise
    await holding.stop()

    await expect(answers).to.eventually.be.rejected()
  })
})
