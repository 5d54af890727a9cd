import { decodeInvite, publicWall } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { deep, freePort, idsOf, textsOf, untilDelivered, World } from './world.ts'
import type { MediaRef, SpaceId } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

const POSTS = deep ? 300 : 30
const PICTURES = deep ? 40 : 3
const PICTURE_BYTES = 600_000

describe('a latecomer who has nothing but the link', function () {
  this.timeout(10 * 60_000)

  const world = new World()

  beforeEach(async () => world.begin())
  afterEach(async () => world.end())

  function bytesOf (seed: number): Uint8Array {
    const bytes = new Uint8Array(PICTURE_BYTES)

    for (let i = 0, state = seed + 1; i < bytes.length; i++) {
      state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0
      bytes[i] = state >>> 16
    }

    return bytes
  }

  /** A wall with pictures, and its newest post */
  async function fill (author: Peer): Promise<{ id: string }> {
    let newest: { id: string } | undefined

    for (let n = 0; n < POSTS; n++) {
      if (n < PICTURES) {
        const { cid, size } = await author.media.add(bytesOf(n))
        const ref: MediaRef = { cid, size, type: 'image/jpeg', width: 1_280, height: 960 }

        newest = await author.posts.post({ text: `Picture ${n}`, images: [{ small: ref, large: ref, blur: new Uint8Array(), alt: '' }] })
      } else {
        newest = await author.posts.post({ text: `Post ${n}` })
      }
    }

    if (newest == null) {
      throw new Error('Nothing was written')
    }

    return newest
  }

  /** All posts, of which the first ones have pictures, are where they should be by now */
  async function delivered (author: Peer, relays: number, home: boolean): Promise<void> {
    for (const post of (await author.walls.open(author.account.requireMe().space)).view().posts) {
      await untilDelivered(author, post, relays, home)
    }
  }

  async function read (link: string, author: { ids: Map<string, string>, texts: string[] }): Promise<void> {
    const invite = decodeInvite(link)
    const space: SpaceId = publicWall(invite.identity)
    const latecomer = await world.person()
    const arrived: number[] = []

    latecomer.log.addEventListener('entries:added', ({ detail }) => { arrived.push(...detail.entries.map(({ header }) => header.seq)) })

    const watch = await latecomer.watch(space, invite.relays)

    await watch.caughtUp()

    expect(await idsOf(latecomer.log, space)).to.deep.equal(author.ids)
    expect(arrived, 'newest first').to.deep.equal(arrived.toSorted((a, b) => b - a))
    expect(await textsOf(latecomer, space)).to.deep.equal(author.texts)

    const pictures = (await latecomer.walls.open(space)).view().posts.flatMap(({ images, text }) => (images ?? []).map(({ small }) => ({ small, n: Number(text.split(' ')[1]) })))

    expect(pictures).to.have.lengthOf(PICTURES)

    for (const { small, n } of pictures) {
      expect(await latecomer.fetch(space, small)).to.equalBytes(bytesOf(n))
    }
  }

  it('[D7] [B8] gets the whole wall through a relay that keeps nothing, from the home node alone', async () => {
    const relay = await world.relay({ port: await freePort(), args: ['--cache', 'none'] })
    const home = await world.home()
    const author = await world.authorWithHome(relay.info, home)
    const { space } = author.account.requireMe()

    await fill(author)
    await delivered(author, 0, true)

    const link = await author.createPublicLink()
    const whole = { ids: await idsOf(author.log, space), texts: await textsOf(author, space) }

    await author.stop()
    await read(link, whole)
  })

  it('[B8] gets the whole wall from the disk of a relay that was started again, while author and home are away', async () => {
    const port = await freePort()
    const relay = await world.relay({ port })
    const home = await world.home()
    const author = await world.authorWithHome(relay.info, home)
    const { space } = author.account.requireMe()

    await fill(author)
    await delivered(author, 1, true)

    const link = await author.createPublicLink()
    const whole = { ids: await idsOf(author.log, space), texts: await textsOf(author, space) }

    await author.stop()
    await home.program.stop()
    await relay.program.kill()
    await world.relay({ port })
    await read(link, whole)
  })
})
