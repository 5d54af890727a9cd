import { expect } from 'aegir/chai'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { MAX_WAITING } from '../../src/peer/constants.ts'
import { createWaiting } from '../../src/peer/waiting.ts'
import { createWriter } from '../../src/peer/writer.ts'
import { memoryDisk, memoryStore, prefixStore } from '../../src/storage/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { decodePayload, encodePayload } from '../../src/wall/index.ts'
import type { Store } from '../../src/interface.ts'
import type { Log } from '../../src/log/index.ts'
import type { WaitingBook } from '../../src/peer/waiting.ts'
import type { Writer } from '../../src/peer/writer.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

const encoder = new TextEncoder()
const WRITES = new Set(['put', 'delete', 'batch'])

/** A store that loses power at a write: just before it, or once it is done */
function losesPower (store: Store, at: number, done: boolean, cut: () => void): Store {
  let writes = 0

  return new Proxy(store, {
    get (target, name: keyof Store) {
      const method = target[name].bind(target) as (...args: unknown[]) => unknown

      if (!WRITES.has(name)) {
        return method
      }

      return async (...args: unknown[]) => {
        const isLast = writes++ === at

        if (isLast && !done) {
          cut()
        }

        await method(...args)

        if (isLast && done) {
          cut()
        }
      }
    }
  })
}

/** What a device is before and after a restart; entries of its own may be missing until `learn` */
interface Device {
  log: Log
  writer: Writer
  waiting: WaitingBook
  /** Dispatches `changed` */
  events: EventTarget
  learn (): void
  stop (): void
}

describe('peer: writing while own entries may be missing', () => {
  let anna: Person

  before(async () => {
    anna = await person('anna')
  })

  async function open (store: Store, unsure = true): Promise<Device> {
    const log = createLog({ store: prefixStore(store, encoder.encode('l/')), clock: systemClock })
    const waiting = createWaiting(prefixStore(store, encoder.encode('w/')))
    const learned = Promise.withResolvers<void>()
    const abort = new AbortController()
    const { identity, space, signers: [signer] } = anna
    const me = { identity, space, signer, device: anna.chain().device }
    let isKnown = !unsure
    const device = {
      log,
      waiting,
      events: new EventTarget(),
      learn: () => {
        isKnown = true
        learned.resolve()
      },
      stop: () => {
        abort.abort()
        learned.reject(new Error('Stopped'))
      },
      writer: createWriter({
        account: { requireMe: () => me, append: async (payload, time = 7) => log.append(signer, { space, identity, rec: 0, payload, time }) },
        clock: { now: () => 1_000 },
        log,
        waiting,
        ownChain: { isKnown: async () => isKnown, known: async () => isKnown ? undefined : learned.promise },
        changed: () => { device.events.dispatchEvent(new Event('changed')) },
        signal: abort.signal
      })
    }

    learned.promise.catch(() => {})
    await waiting.load()

    return device
  }

  const post = (text: string): Uint8Array => encodePayload({ kind: 'post', text }, systemRandom)

  async function textsIn (log: Log): Promise<string[]> {
    const texts: string[] = []

    for await (const { payload } of log.read(anna.chain())) {
      const content = payload == null ? undefined : decodePayload(payload)

      texts.push(content?.kind === 'post' ? content.text : '')
    }

    return texts
  }

  async function untilWaiting ({ events, writer }: Device, count: number): Promise<void> {
    while (writer.waiting().length < count) {
      await new Promise(resolve => { events.addEventListener('changed', resolve, { once: true }) })
    }
  }

  const waitingTexts = ({ writer }: Device): string[] => writer.waiting().map(({ payload }) => payload.kind === 'post' ? payload.text : '')

  async function empty (store: Store): Promise<Store> {
    await createLog({ store: prefixStore(store, encoder.encode('l/')), clock: systemClock }).putRecord(anna.record)

    return store
  }

  it('[ST90] writes at once where nothing is missing', async () => {
    const device = await open(await empty(memoryStore()), false)
    let changes = 0

    device.events.addEventListener('changed', () => { changes++ })

    const { header } = await device.writer.write(post('one'))

    expect(header).to.include({ seq: 0, time: 7 })
    expect(changes).to.equal(0)
    expect(device.writer.waiting()).to.deep.equal([])
  })

  it('[ST91] keeps what is written, and appends it in its order and with its time once the chain is known', async () => {
    const device = await open(await empty(memoryStore()))
    const written = Promise.all(['one', 'two', 'three'].map(async text => device.writer.write(post(text))))

    await untilWaiting(device, 3)
    expect(waitingTexts(device)).to.deep.equal(['one', 'two', 'three'])
    expect(await textsIn(device.log)).to.deep.equal([])
    device.learn()

    const four = device.writer.write(post('four'))

    expect((await written).map(({ header }) => [header.seq, header.time])).to.deep.equal([[0, 1_000], [1, 1_000], [2, 1_000]])
    expect((await four).header.seq).to.equal(3)
    expect(await textsIn(device.log)).to.deep.equal(['one', 'two', 'three', 'four'])
    expect(device.writer.waiting()).to.deep.equal([])
  })

  it('[ST91] what waits is there after a restart, and goes out by itself', async () => {
    const store = await empty(memoryStore())
    const before = await open(store)
    const written = before.writer.write(post('one'))

    await untilWaiting(before, 1)
    before.stop()
    await expect(written).to.eventually.be.rejected.with.property('name', 'PeerStoppedError')

    const after = await open(store)
    const added = new Promise(resolve => { after.log.addEventListener('entries:added', resolve, { once: true }) })

    expect(waitingTexts(after)).to.deep.equal(['one'])
    after.writer.begin()
    after.learn()
    await added
    expect(await textsIn(after.log)).to.deep.equal(['one'])
  })

  const texts = ['one', 'two', 'three']

  /** Writes all texts on a disk that loses power at one write, and then goes on after it; undefined if there were fewer writes */
  async function interrupted (at: number, done: boolean): Promise<{ kept: string[], found: string[] } | undefined> {
    const disk = memoryDisk()
    const cut = Promise.withResolvers<void>()
    let isCut = false

    await empty(disk.open())

    const before = await open(losesPower(disk.open(), at, done, () => {
      isCut = true
      disk.powerCut()
      cut.resolve()
    }))
    const written = Promise.all(texts.map(async text => before.writer.write(post(text)).catch(() => {})))

    await Promise.race([untilWaiting(before, texts.length), cut.promise])

    const kept = waitingTexts(before)

    before.learn()
    await written

    const after = await open(disk.open(), false)

    await after.writer.write(post('last'))
    expect(after.writer.waiting()).to.deep.equal([])

    return isCut ? { kept, found: await textsIn(after.log) } : undefined
  }

  it('[ST92] appends all of it exactly once, in its order, whenever the power fails', async () => {
    for (const done of [false, true]) {
      let at = 0
      let result = await interrupted(at, done)

      while (result != null) {
        const { kept, found } = result
        const when = `power fails ${done ? 'after' : 'before'} write ${at}`

        expect(found, when).to.deep.equal([...texts.slice(0, found.length - 1), 'last'])
        expect(found, when).to.include.members(kept)
        result = await interrupted(++at, done)
      }

      // three to keep, three to append, three to delete
      expect(at).to.equal(9)
    }
  })

  it('[ST93] what waits can be taken back, and only while it waits', async () => {
    const device = await open(await empty(memoryStore()))
    const one = device.writer.write(post('one'))
    const two = device.writer.write(post('two'))

    await untilWaiting(device, 2)

    const [{ id }] = device.writer.waiting()

    await device.writer.discard(id)
    await expect(one).to.eventually.be.rejected.with.property('name', 'NoSuchPostError')
    device.learn()
    await two
    expect(await textsIn(device.log)).to.deep.equal(['two'])
    await expect(device.writer.discard(id)).to.eventually.be.rejected.with.property('name', 'NoSuchPostError')
    await expect(device.writer.discard(id + 1)).to.eventually.be.rejected.with.property('name', 'NoSuchPostError')
  })

  it('[ST93] when all was taken back, what is written next is written as ever', async () => {
    const device = await open(await empty(memoryStore()))
    const one = device.writer.write(post('one')).catch(() => {})

    await untilWaiting(device, 1)
    await device.writer.discard(device.writer.waiting()[0].id)
    await one
    device.learn()
    expect((await device.writer.write(post('two'))).header.seq).to.equal(0)
    expect((await device.writer.write(post('three'))).header.seq).to.equal(1)
    expect(device.writer.waiting()).to.deep.equal([])
  })

  it('[ST94] one more than may wait is refused, and those that wait stay', async () => {
    const waiting = createWaiting(memoryStore())

    for (let i = 0; i < MAX_WAITING; i++) {
      await waiting.add(post(`${i}`), { from: 0, time: i })
    }

    await expect(waiting.add(post('too many'), { from: 0, time: 0 })).to.eventually.be.rejected.with.property('name', 'TooManyWaitingError')
    expect(waiting.list()).to.have.lengthOf(MAX_WAITING)
    await waiting.delete(waiting.list()[0].id)
    await waiting.add(post('one more'), { from: 0, time: 0 })
  })

  it('[ST90] says what is wrong with bytes that it did not write', async () => {
    const store = memoryStore()

    await store.put(new Uint8Array(8), Uint8Array.of(0xa0))
    await expect(createWaiting(store).load()).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })
})
