import { expect } from 'aegir/chai'
import { systemRandom } from '../../src/interface.ts'
import { createOwn, follows, settings } from '../../src/own/index.ts'
import { privateSpaceId } from '../../src/space/index.ts'
import { createPeer, holds } from '../sync/network.ts'
import { family, keysOf, OWN_SPACE, SEED, testClock } from './devices.ts'
import type { Family, Keys } from './devices.ts'
import type { Own, Register, SettingName } from '../../src/own/index.ts'
import type { TestPeer } from '../sync/network.ts'

const theme = settings.at('theme' as SettingName)
const language = settings.at('language' as SettingName)
const wall = privateSpaceId(n => new Uint8Array(32).fill(n))

interface Online extends Keys {
  peer: TestPeer
  own: Own
}

/** Resolves once a register holds a value that fits, or none */
async function becomes<T> (own: Own, register: Register<T>, fits: (value: T | undefined) => boolean): Promise<void> {
  const ended = new AbortController()

  try {
    await new Promise<void>(resolve => {
      const look = (): void => {
        if (fits(own.get(register))) {
          resolve()
        }
      }

      own.watch(register, look, { signal: ended.signal })
      look()
    })
  } finally {
    ended.abort()
  }
}

describe('own devices over the network', () => {
  const stops: Array<() => Promise<void>> = []
  let home: Family
  let hub: TestPeer
  let [phone, laptop, tablet] = [] as unknown as Keys[]

  beforeEach(async () => {
    [phone, laptop, tablet] = await Promise.all(['phone', 'laptop', 'tablet'].map(keysOf))
    home = await family()
    // it keeps what it is given, and has no key at all
    hub = await createPeer({ mayWrite: () => true })
    stops.push(async () => hub.stop())
  })

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop()
    }
  })

  /** A device that is connected to the hub and to nobody else */
  async function online (keys: Keys): Promise<Online> {
    const { identity, record } = home
    const peer = await createPeer({ mayWrite: (space, writer) => space === OWN_SPACE && writer === identity })
    const own = createOwn({ log: peer.log, clock: testClock(), random: systemRandom, identity, signer: keys.signer, secrets: [keys.secret], seed: SEED })

    stops.push(async () => peer.stop(), async () => own.stop())
    await (record == null ? undefined : peer.log.putRecord(record))
    await own.start()
    await peer.connect(hub)
    await peer.sync.open(hub.node.peerId, OWN_SPACE)

    return { ...keys, peer, own }
  }

  it('what one sets is there on the other, through somebody who reads nothing', async () => {
    await home.list(phone, laptop)

    const [a, b] = [await online(phone), await online(laptop)]

    await a.own.set(theme, 'dark')
    await becomes(b.own, theme, value => value === 'dark')
    await b.own.set(language, 'fr')
    await b.own.set(theme, null)
    await becomes(a.own, theme, value => value == null)
    expect(a.own.get(language)).to.equal('fr')
  })

  it('[OW30] [LG27] a device that comes later gets what a closed one wrote from whoever keeps it, and takes of it what counts', async () => {
    await home.list(phone, laptop)

    const [a, b] = [await online(phone), await online(laptop)]

    await b.own.set(follows.at(wall), { relays: [] })
    await b.own.set(theme, 'light')
    await becomes(a.own, theme, value => value === 'light')
    await a.own.cut([laptop.device])
    await b.peer.sync.close(hub.node.peerId, OWN_SPACE)
    await a.peer.log.putRecord(await home.list(phone, tablet))
    await a.own.settle()
    await a.own.set(language, 'secret')
    // it has not heard of it
    await b.own.set(theme, 'evil')
    await b.peer.sync.open(hub.node.peerId, OWN_SPACE)

    const c = await online(tablet)

    await becomes(c.own, language, value => value === 'secret')
    await becomes(c.own, theme, value => value === 'light')
    await becomes(c.own, follows.at(wall), value => value != null)

    const written = (await Promise.all([a, b].map(async one => one.peer.log.chain({ space: OWN_SPACE, identity: home.identity, device: one.device }))))
      .reduce((sum, chain) => sum + (chain?.head.seq ?? -1) + 1, 0)

    // all but the last of the laptop, which those who know the cut do not even take
    for (const [{ own, peer }, count] of [[a, written - 1], [b, written], [c, written - 1]] as const) {
      await holds(peer.log, OWN_SPACE, count)
      await own.start()
    }

    expect([a, c].map(({ own }) => own.get(theme))).to.deep.equal(['light', 'light'])
    expect(b.own.get(language)).to.equal(undefined)
    // the record came before the entries that rely on it
    await expect(b.own.set(theme, 'late')).to.eventually.be.rejected.with.property('name', 'NotAWriterError')
  })
})
