import { CarReader } from '@ipld/car'
import { expect } from 'aegir/chai'
import { equals } from 'uint8arrays/equals'
import { CAR_NAME, KEYS_NAME, READABLE_NAME, README_NAME } from '../../src/archive/constants.ts'
import { openZip } from '../../src/archive/zip-reader.ts'
import { sha256 } from '../../src/hash.ts'
import { stopPeers } from '../media/support/peers.ts'
import { toJson } from '../wall/to-json.ts'
import { fileOf } from './support/bytes.ts'
import { archiveOf, importTo } from './support/files.ts'
import { anna, makeHome, writeWall } from './support/homes.ts'
import { namedFile } from './support/parts.ts'
import type { Home } from './support/homes.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

async function viewOf ({ walls }: Home, { space }: Person): Promise<string> {
  await walls.settled()

  return JSON.stringify(toJson((await walls.open(space)).view()))
}

describe('archive', () => {
  let author: Person
  let old: Home
  let archive: Uint8Array

  before(async () => {
    author = await anna()
    old = await makeHome()
    await writeWall(author, old, 300)
    archive = await archiveOf(old, author, { keys: new Uint8Array(100), follows: [author.identity] })
  })

  after(stopPeers)

  it('[AR10] makes the same wall with the same media elsewhere', async () => {
    const fresh = await makeHome()

    expect(await importTo(fresh, archive)).to.include({ known: 0, refused: 0 })
    expect(await viewOf(fresh, author)).to.equal(await viewOf(old, author))

    const media = (await fresh.walls.open(author.space)).media()

    expect(media).to.have.lengthOf(22)

    for (const { cid, size } of media) {
      expect(await fresh.media.isPinned(cid)).to.be.true()
      expect(equals(await fresh.media.get(cid, size, { providers: [] }), await old.media.get(cid, size, { providers: [] }))).to.be.true()
    }
  })

  it('[AR11] takes nothing twice', async () => {
    const fresh = await makeHome()
    const first = await importTo(fresh, archive)
    const second = await importTo(fresh, archive)

    expect(first.added).to.be.above(300)
    expect(second).to.deep.equal({ added: 0, known: first.added, refused: 0, files: 0 })
  })

  it('[AR1] is a ZIP of these files, and [AR4] pictures have names of their day', async () => {
    const names = [...(await openZip(fileOf(archive))).keys()]

    expect(names.filter(name => !name.startsWith('media/'))).to.deep.equal([README_NAME, READABLE_NAME, CAR_NAME, KEYS_NAME])
    expect(names.filter(name => name.startsWith('media/'))).to.have.lengthOf(11).and.to.include.members(['media/2023-11-14-01.jpg', 'media/profile.jpg'])
  })

  it('[AR3] tells people and other programs what is on the wall', async () => {
    const text = new TextDecoder().decode(await namedFile(archive, READABLE_NAME))
    const wall = JSON.parse(text)
    const view = (await old.walls.open(author.space)).view()

    expect(wall).to.include({ format: 'pergola wall', version: 1, name: 'Anna B.', about: 'Bakes bread', picture: 'media/profile.jpg' })
    expect(wall.follows).to.deep.equal([wall.id])
    expect(wall.posts.map(({ text }: { text: string }) => text)).to.deep.equal(view.posts.map(({ text }) => text))
    expect(wall.posts.at(-1).images).to.deep.equal([{ file: 'media/2023-11-14-01.jpg', type: 'image/jpeg', width: 640, height: 480, description: 'What picture 1 shows' }])
    expect(equals(await namedFile(archive, 'media/2023-11-14-01.jpg'), await old.media.get(view.posts[view.posts.length - 1].images?.[0].large.cid as never, 900_000, { providers: [] }))).to.be.true()
  })

  it('[AR2] says whom its owner follows only if asked to', async () => {
    const quiet = await archiveOf(old, author)

    expect(JSON.parse(new TextDecoder().decode(await namedFile(quiet, READABLE_NAME)))).to.not.have.property('follows')
    expect([...(await openZip(fileOf(quiet))).keys()]).to.not.include(KEYS_NAME)
  })

  it('[AR5] has a CAR that any reader opens, every block of it under its hash', async () => {
    const reader = await CarReader.fromBytes(await namedFile(archive, CAR_NAME))
    const roots = await reader.getRoots()
    let blocks = 0

    for await (const { cid, bytes } of reader.blocks()) {
      expect(equals(sha256(bytes), cid.multihash.digest)).to.be.true()
      blocks++
    }

    expect(roots).to.have.lengthOf(1 + 1 + 22)
    expect(blocks).to.be.above(600)

    for (const root of roots) {
      expect(await reader.has(root)).to.be.true()
    }
  })

  it('[AR11] takes a wall in several writes when it is large, with the same result', async () => {
    const fresh = await makeHome()

    await importTo(fresh, archive, 1)
    expect(await viewOf(fresh, author)).to.equal(await viewOf(old, author))
  })
})
