import { expect } from 'aegir/chai'
import { toString } from 'uint8arrays/to-string'
import { writeArchive } from '../../src/archive/index.ts'
import { deviceId, spaceId } from '../../src/ids.ts'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { createLog, makeForkProof } from '../../src/log/index.ts'
import { createWalls } from '../../src/peer/walls.ts'
import { openEpoch, sealPayload } from '../../src/space/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { payloadOf, recordOf, writeChain } from '../../src/testing/simulator-people.ts'
import { createWall } from '../../src/wall/index.ts'
import { stopPeers } from '../media/support/peers.ts'
import { archiveInit, archiveOf, importTo } from './support/files.ts'
import { anna, makeHome, writer, writeWall } from './support/homes.ts'
import type { Home } from './support/homes.ts'
import type { Entry } from '../../src/log/index.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('archive: what counts, and what is sealed', () => {
  let author: Person

  before(async () => {
    author = await anna()
  })

  after(stopPeers)

  async function textsOf ({ walls }: Home): Promise<string[]> {
    await walls.settled()

    return (await walls.open(author.space)).view().posts.map(({ text }) => text)
  }

  it('[AR7] chains of several devices, one of them closed: what lies above its cut is left out', async () => {
    const home = await makeHome()
    const first = await writer(author, home, 0)
    const second = await writer(author, home, 1)

    await first({ kind: 'post', text: 'one' })
    const { id: cut } = await first({ kind: 'post', text: 'two' })
    await first({ kind: 'post', text: 'after the cut' })
    await second({ kind: 'post', text: 'three' })
    await home.log.putRecord(await recordOf(author.root, [author.signers[1]], author.record, [{ device: deviceId(author.signers[0].publicKey), cut }]))

    const fresh = await makeHome()

    expect(await importTo(fresh, await archiveOf(home, author))).to.include({ added: 3, refused: 0 })
    expect(await textsOf(fresh)).to.have.members(['one', 'two', 'three'])
    expect(await textsOf(home)).to.have.members(['one', 'two', 'three'])
  })

  it('[AR7] a chain that has split: its proof goes along, and what it hides stays hidden', async () => {
    const home = await makeHome()
    const shared = await writeChain(author, 3)
    const left = await writeChain(author, 2, { after: shared[2], text: 'left' })
    const right = await writeChain(author, 2, { after: shared[2], text: 'right' })
    const branch = (entries: Entry[]): Parameters<typeof makeForkProof>[0] => ({ headers: entries.toReversed().map(({ headerBytes }) => headerBytes), signature: entries[entries.length - 1].signature })

    await home.log.putRecord(author.record)
    await home.log.ingest(author.space, [...shared, ...left].toReversed())
    await home.log.addForkProof((await makeForkProof(branch(left), branch(right))).bytes)

    const fresh = await makeHome()

    expect(await importTo(fresh, await archiveOf(home, author))).to.include({ added: 3, refused: 0 })
    expect(await textsOf(fresh)).to.deep.equal(['post 2', 'post 1', 'post 0'])
    expect((await fresh.log.ingest(author.space, right.toReversed())).refused.map(({ reason }) => reason)).to.deep.equal(['fork', 'fork'])
  })

  it('[AR9] a file that is not here is left out, and counted', async () => {
    const home = await makeHome()

    await writeWall(author, home, 1, 2_000)

    const init = await archiveInit(home, author)
    const [, gone] = init.spaces[0].media

    await home.media.unpin(gone.cid)

    expect(await writeArchive(init)).to.include({ files: 3, missing: 1 })
    expect(await importTo(await makeHome(), await archiveOf(home, author))).to.include({ refused: 0, files: 3 })
  })

  it('[AR2] a sealed space goes along in the CAR, and nothing of it is readable', async () => {
    const secret = 'CANARY-the-cellar-door'
    const space = spaceId(systemRandom.bytes(32))
    const epoch = await openEpoch(systemRandom.bytes(32))
    const { media } = await makeHome()
    const log = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })
    const home = { log, media, walls: createWalls({ log, clock: systemClock, createWall }) }

    await (await writer(author, home))({ kind: 'post', text: 'for everybody' })
    await log.append(author.signers[0], {
      space,
      identity: author.identity,
      rec: 0,
      epoch: epoch.id,
      payload: async header => sealPayload(epoch, header, payloadOf(secret), systemRandom),
      time: 1
    })

    const wall = await archiveInit(home, author)
    const archive = await archiveOf(home, author, { spaces: [...wall.spaces, { space, media: [] }] })

    // every byte as a character of its own
    const found = toString(archive, 'latin1')

    expect(found).to.include('for everybody')
    expect(found).to.not.include(secret)

    const elsewhere = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })

    expect(await importTo({ ...home, log: elsewhere }, archive)).to.include({ added: 2, refused: 0 })
    expect((await elsewhere.chains(space))[0].head).to.deep.equal((await log.chains(space))[0].head)
  })
})
