import { expect } from 'aegir/chai'
import { deep, freePort, pass, report, untilConnected, untilDelivered, untilShown, World } from './world.ts'
import type { RelayProcess } from './world.ts'
import type { SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

const AWAY_SECONDS = deep ? [3, 25, 48, 60] : [3]

/** How soon after its return: within 15 s if it was away for less than 50 s, else within 60 s */
function allowed (seconds: number): number {
  return seconds < 50 ? 15_000 : 60_000
}

describe('a relay that goes away', function () {
  this.timeout(10 * 60_000)

  const world = new World()
  let port: number
  let relay: RelayProcess
  let author: Peer
  let reader: Peer
  let space: SpaceId
  let written: string[] = []

  async function write (text: string): Promise<{ id: string }> {
    written = [text, ...written]

    return author.posts.post({ text })
  }

  beforeEach(async () => {
    await world.begin()
    written = []
    port = await freePort()
    relay = await world.relay({ port })
    author = await world.person()
    reader = await world.person()
    await author.addRelay(relay.info)
    await author.join('Ada')
    space = author.account.requireMe().space
    await reader.addRelay(relay.info)
    await reader.join('Bo')
    await reader.follow(space, [relay.info])
    await Promise.all([author, reader].map(async peer => untilConnected(peer)))
    await write('before')
    await untilShown(reader, space, written)
  })

  afterEach(async () => world.end())

  async function away (seconds: number): Promise<void> {
    await relay.program.kill()

    const post = await write('while it was away')

    await pass(seconds * 1_000)
    relay = await world.relay({ port })

    const back = performance.now()

    await Promise.all([author, reader].map(async peer => untilConnected(peer, allowed(seconds))))
    report(`away ${seconds} s: connected again after ${((performance.now() - back) / 1_000).toFixed(1)} s`)
    await untilShown(reader, space, written)
    await untilDelivered(author, post, 1, false)
    await write('after')
    await untilShown(reader, space, written)
  }

  for (const seconds of AWAY_SECONDS) {
    it(`[D2] is found again by itself after ${seconds} s, and what was written meanwhile arrives`, async () => away(seconds))
  }

  it('[D2] is found again at once on Reconnect', async () => {
    await relay.program.kill()
    await pass(2_000)
    relay = await world.relay({ port })

    const back = performance.now()

    author.reconnect()
    reader.reconnect()
    await Promise.all([author, reader].map(async peer => untilConnected(peer, 3_000)))
    report(`connected after ${(performance.now() - back).toFixed(0)} ms`)
    await write('after')
    await untilShown(reader, space, written)
  })

  it('[D2] may be down when a device starts', async () => {
    const { info } = relay
    const late = await world.person()

    await relay.program.kill()
    await late.addRelay(info)
    await late.join('Cy')
    await late.posts.post({ text: 'nobody hears this yet' })
    expect(late.connection().light).to.not.equal('green')

    relay = await world.relay({ port })
    await untilConnected(late, 15_000)
    await reader.follow(late.account.requireMe().space, [info])
    await untilShown(reader, late.account.requireMe().space, ['nobody hears this yet'])
  })
})
