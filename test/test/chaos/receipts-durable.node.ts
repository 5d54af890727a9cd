/**
 * Receipts travel encrypted, so the trace cannot show which packet carries one. It need not: posts are written one at a time. Of every post for
 * which a receipt came, the trace shows when it was written to the log file and when a sync that began afterwards returned; the author's own
 * clock, that of the same machine, shows when the receipt was there. A relay keeps public posts as they are, so their texts can be found; a
 * home node seals what it keeps, so there the text cannot be on the disk before as many bytes were written, from the moment of posting on.
 */
import { randomBytes } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { expect } from 'aegir/chai'
import { readTrace } from './trace.ts'
import { deep, freePort, report, until, untilConnected, World } from './world.ts'
import type { StoreTrace } from './trace.ts'
import type { PostView } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

type Placed = Pick<PostView, 'chain' | 'seq'>

const POSTS = deep ? 500 : 40

/** The longest string that a post fits in with, so that a small post is never cut in two by what strace shows */
const STRACE = ['strace', '-f', '-ttt', '-T', '-y', '-qq', '-s', '65536', '-e', 'trace=write,writev,sendto,sendmsg,fsync,fdatasync', '-o']

/** More than a home node writes for anything else while it waits for a post */
const LONG_TEXT_BYTES = 8_000

/** When a post was about to be written, and when its receipt was here: milliseconds since the epoch */
interface Times {
  from: number
  at: number
}

/** Milliseconds since the epoch, finer than `Date.now` */
function now (): number {
  return performance.timeOrigin + performance.now()
}

/** Clocks of two processes agree within this */
const CLOCK_MS = 2

describe('receipts, by system calls', function () {
  this.timeout(10 * 60_000)

  const world = new World()

  beforeEach(async () => world.begin())
  afterEach(async () => world.end())

  /** Writes post after post, each once the one before has its receipt, and says when each receipt came */
  async function receiptTimes (author: Peer, has: (post: Placed) => boolean, filling = ''): Promise<Map<string, Times>> {
    const came = new Map<string, Times>()

    for (let n = 0; n < POSTS; n++) {
      const text = `receipt-${String(n).padStart(6, '0')}-of-${Math.random().toString(36).slice(2)}${filling}`
      const from = now()
      const { header } = await author.posts.post({ text })
      const post: Placed = { chain: { space: header.space, identity: header.identity, device: header.device }, seq: header.seq }
      let at = 0

      await until(`a receipt for ${text}`, author.deliveries, ['delivery:changed'], () => {
        const isThere = has(post)

        at = isThere && at === 0 ? now() : at

        return isThere
      })
      came.set(text, { from, at })
    }

    return came
  }

  function expectDurable (came: Map<string, Times>, { writes, syncs, sends }: StoreTrace, isSealed: boolean): void {
    expect(syncs.length).to.be.greaterThan(0)
    expect(sends.length).to.be.greaterThan(0)

    let slack = Infinity

    for (const [text, { from, at }] of came) {
      let since = 0
      const written = writes.find(write => {
        since += write.at * 1_000 > from - CLOCK_MS ? write.length : 0

        return isSealed ? since >= text.length : write.bytes.includes(text)
      })

      expect(written, `${text.slice(0, 30)} was written to the log`).to.not.equal(undefined)

      const sync = syncs.find(({ began }) => began >= (written?.at ?? Infinity))

      expect(sync, `the log was synced after ${text.slice(0, 30)}`).to.not.equal(undefined)
      expect((sync?.ended ?? Infinity) * 1_000, `${text.slice(0, 30)} was synced before its receipt came`).to.be.lessThan(at + CLOCK_MS)
      slack = Math.min(slack, at - (sync?.ended ?? 0) * 1_000)
    }

    report(`${came.size} receipts, ${syncs.length} syncs; the closest receipt came ${slack.toFixed(1)} ms after its sync returned`)
  }

  it('[D7] none leaves the home node before the disk has what it is for', async () => {
    const trace = world.at('home.trace')
    const relay = await world.relay({ port: await freePort() })
    const home = await world.home({ wrapper: [...STRACE, trace] })
    const author = await world.authorWithHome(relay.info, home)
    const came = await receiptTimes(author, post => author.delivery(post).home, randomBytes(LONG_TEXT_BYTES / 2).toString('hex'))

    await home.program.stop()
    expectDurable(came, readTrace(await readFile(trace, 'utf8'), `${realpathSync(home.data)}/records`), true)
  })

  it('[B10] none leaves the relay before the disk has what it is for', async () => {
    const trace = world.at('relay.trace')
    const relay = await world.relay({ port: await freePort(), wrapper: [...STRACE, trace] })
    const author = await world.person()

    await author.addRelay(relay.info)
    await author.join('Ada')
    await untilConnected(author)

    const came = await receiptTimes(author, post => author.delivery(post).relays === 1)

    await relay.program.stop()
    expectDurable(came, readTrace(await readFile(trace, 'utf8'), `${realpathSync(world.at('relay'))}/store`), false)
  })
})
