import { decodePairing, encodePairing } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { freePort, World } from './world.ts'
import type { HomeProcess, RelayProcess } from './world.ts'
import type { PairingLink } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

describe('a pairing link that is not good', function () {
  this.timeout(3 * 60_000)

  const world = new World()
  let relay: RelayProcess
  let home: HomeProcess
  let author: Peer

  before(async () => {
    await world.begin()
    relay = await world.relay({ port: await freePort() })
    home = await world.home()
    author = await world.person()
    await author.addRelay(relay.info)
    await author.join('Ada')
  })

  after(async () => world.end())

  /** What the person at the home node reads */
  async function refusal (link: string): Promise<string> {
    const err: unknown = await home.calls.pair({ link }).catch(err => err)

    expect(err).to.have.property('name', 'ControlError')
    expect(await home.calls.status()).to.have.property('identity', null)

    return err instanceof Error ? err.message : ''
  }

  async function changed (change: Partial<PairingLink>): Promise<string> {
    return encodePairing({ ...decodePairing((await author.offerPairing()).link), ...change })
  }

  it('[E5] says so in one sentence, and the home node is free for a good one', async () => {
    expect(await refusal('no link')).to.match(/^[A-Z][^\n]{10,120}$/)
    expect(await refusal((await author.offerPairing()).link.slice(0, -9))).to.match(/^[A-Z][^\n]{10,160}$/)
    expect(await refusal(await changed({ expires: Date.now() - 1 }))).to.equal('This link has expired: make a new one on the other device')
    expect(await refusal(await changed({ secret: new Uint8Array(16).fill(7) }))).to.equal('The link was used already, or has expired: make a new one')

    const offer = await author.offerPairing()

    offer.cancel()
    expect(await refusal(offer.link)).to.equal('The link was used already, or has expired: make a new one')

    const away = await world.person()

    await away.addRelay(relay.info)
    await away.join('Bo')

    const { link } = await away.offerPairing()

    await away.stop()
    expect(await refusal(link)).to.equal('The device that shows the link cannot be reached: keep it open and connected, and try again')

    const good = await author.offerPairing()

    expect(await home.calls.pair({ link: good.link })).to.have.property('name', 'Ada')
    await good.done

    const other = await world.home({ data: 'other' })

    home = other
    expect(await refusal(good.link)).to.equal('The link was used already, or has expired: make a new one')
  })
})
