import { expect } from 'aegir/chai'
import { concat } from 'uint8arrays/concat'
import { equals } from 'uint8arrays/equals'
import { fromString } from 'uint8arrays/from-string'
import { cborBlock } from '../../src/archive/blocks.ts'
import { writeCar } from '../../src/archive/car-writer.ts'
import {
  CAR_NAME, KEYS_NAME, MAX_ARCHIVE_ENTRIES, MAX_ARCHIVE_NAMES, MAX_ARCHIVE_RECORDS, MAX_ARCHIVE_ROOTS, MAX_ARCHIVE_SPACES, MAX_ARCHIVED_BLOCK_BYTES, MAX_DIRECTORY_BYTES
} from '../../src/archive/constants.ts'
import { openArchive } from '../../src/archive/index.ts'
import { openZip } from '../../src/archive/zip-reader.ts'
import { encode } from '../../src/codec/index.ts'
import { idBytes } from '../../src/ids.ts'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { memoryStore } from '../../src/storage/index.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { stopPeers } from '../media/support/peers.ts'
import { errorName } from '../wall/to-json.ts'
import { collect, fileOf } from './support/bytes.ts'
import { archiveOf } from './support/files.ts'
import { anna, makeHome, writeWall } from './support/homes.ts'
import { directoryOf, readBlocks, zipOf } from './support/parts.ts'
import type { Home } from './support/homes.ts'
import type { Block } from '../../src/archive/blocks.ts'
import type { Person } from '../../src/testing/simulator-people.ts'
import type { CID } from 'multiformats/cid'

const DAMAGED = 'ArchiveDamagedError'
const LARGE = 'ArchiveTooLargeError'

describe('archive: damaged and hostile', () => {
  let author: Person
  let home: Home
  let archive: Uint8Array
  let roots: CID[]
  let blocks: Block[]

  before(async () => {
    author = await anna()
    home = await makeHome()
    await writeWall(author, home, 3, 300_000)
    archive = await archiveOf(home, author)
    ;({ roots, blocks } = await readBlocks(archive))
  })

  after(stopPeers)

  /** What checking says of an archive; it is given nothing that it could change */
  async function verdict (bytes: Uint8Array): Promise<string> {
    return errorName(async () => {
      const open = await openArchive(fileOf(bytes))

      await open.keys()
      await open.check({ log: createLog({ store: memoryStore(), clock: systemClock }), media: home.media, clock: systemClock })
    })
  }

  async function verdictOfCar (changed: { roots?: CID[], blocks?: Block[] }): Promise<string> {
    return verdict(await zipOf({ [CAR_NAME]: await carOf(changed.blocks ?? blocks, changed.roots ?? roots) }))
  }

  async function carOf (of: Block[], heads: CID[]): Promise<Uint8Array> {
    return collect(writeCar(heads, (async function * () { yield * of })()))
  }

  function manifest (more: Record<string, unknown>, counts: Record<string, unknown> = {}): Block {
    const space = { space: idBytes(author.space), records: 0, forks: 0, entries: 0, ...counts }

    return cborBlock(encode({ format: 'pergola archive', v: 1, identity: idBytes(author.identity), created: 1, spaces: [space], ...more }))
  }

  async function verdictOfManifest (more: Record<string, unknown>, counts: Record<string, unknown> = {}): Promise<string> {
    const block = manifest(more, counts)

    return verdictOfCar({ roots: [block.cid], blocks: [block] })
  }

  it('[AR13] something else is no archive', async () => {
    expect(await verdict(new Uint8Array())).to.equal('NotAnArchiveError')
    expect(await verdict(fromString('a letter'))).to.equal('NotAnArchiveError')
    expect(await verdict(await zipOf({ 'letter.txt': fromString('a letter') }))).to.equal('NotAnArchiveError')
  })

  it('[AR13] cut short anywhere', async () => {
    for (const length of [4, 100, archive.length >> 1, archive.length - 30, archive.length - 1]) {
      expect(await verdict(archive.subarray(0, length)), `${length} of ${archive.length}`).to.equal('ArchiveCutShortError')
    }
  })

  it('[AR13] a byte changed anywhere in the CAR, or the end of the CAR missing', async () => {
    const car = await carOf(blocks, roots)

    // each of the first bytes that are lengths, roots and the manifest, then here and there
    for (let at = 0; at < car.length; at += at < 500 ? 11 : 9_973) {
      const changed = car.slice()

      changed[at] ^= 1
      expect(await verdict(await zipOf({ [CAR_NAME]: changed })), `byte ${at}`).to.be.oneOf([DAMAGED, 'ArchiveNewerError'])
    }

    expect(await verdict(await zipOf({ [CAR_NAME]: car.subarray(0, car.length - 1) }))).to.equal(DAMAGED)
    expect(await verdict(await zipOf({ [CAR_NAME]: new Uint8Array() }))).to.equal(DAMAGED)
  })

  it('[AR13] of a later version, whatever follows', async () => {
    expect(await verdictOfManifest({ v: 2, spaces: 'otherwise' })).to.equal('ArchiveNewerError')
    expect(await verdictOfManifest({ format: 'another' })).to.equal(DAMAGED)
  })

  it('[AR10] blocks that are missing, doubled, in another order or too many', async () => {
    const [first] = blocks

    for (let i = 0; i < blocks.length; i++) {
      expect(await verdictOfCar({ blocks: blocks.toSpliced(i, 1) }), `without ${i}`).to.equal(DAMAGED)
      expect(await verdictOfCar({ blocks: blocks.toSpliced(i, 0, blocks[i]) }), `${i} twice`).to.equal(DAMAGED)
    }

    expect(await verdictOfCar({ blocks: [...blocks, first] })).to.equal(DAMAGED)
    expect(await verdictOfCar({ blocks: blocks.toReversed() })).to.equal(DAMAGED)
    expect(await verdictOfCar({ roots: [] })).to.equal(DAMAGED)
    expect(await verdictOfCar({ roots: [...roots, roots[roots.length - 1]] })).to.equal(DAMAGED)
  })

  it('[AR10] a head that is no head, and [AR8] a file that nobody names', async () => {
    const file = await home.media.add(new Uint8Array(10))
    const extra = { cid: file.cid, bytes: new Uint8Array(10) }

    expect(await verdictOfCar({ roots: roots.with(1, cborBlock(encode('other')).cid) })).to.equal(DAMAGED)
    expect(await verdictOfCar({ roots: [...roots, extra.cid], blocks: [...blocks, extra] })).to.equal(DAMAGED)
  })

  it('[AR10] entries that their author did not sign, or that the record does not allow', async () => {
    const stranger = await person('stranger')
    const [first, record, page, ...rest] = blocks
    const other = cborBlock(stranger.record.bytes)

    expect(record.bytes).to.deep.equal(author.record.bytes)
    expect(await verdictOfCar({ blocks: [first, other, page, ...rest] })).to.equal(DAMAGED)

    const forged = page.bytes.slice()
    // the head's signature is in the first line: the bytes before it are two heads and a CID
    forged[60] ^= 1
    expect(await verdictOfCar({ blocks: [first, record, cborBlock(forged), ...rest] })).to.equal(DAMAGED)
  })

  it('[AR14] two files of one name, and names that lead elsewhere', async () => {
    const car = await carOf(blocks, roots)

    for (const name of ['/etc/passwd', '../wall', 'media/../../wall', 'C:\\wall', 'media\\wall', 'C:/wall']) {
      expect(await verdict(await zipOf({ [CAR_NAME]: car, [name]: car })), name).to.equal(DAMAGED)
    }

    // the second name becomes the first's, where the file lies and in the directory
    const other = 'wall.cat'
    const twice = await zipOf({ [CAR_NAME]: car, [other]: car })

    for (let at = 0; at < twice.length; at++) {
      if (twice[at] === 0x77 && equals(twice.subarray(at, at + other.length), fromString(other))) {
        twice.set(fromString(CAR_NAME), at)
      }
    }

    expect(await verdict(twice)).to.equal(DAMAGED)
  })

  it('[AR1] other names are left alone, and deflated files are read', async () => {
    const car = await carOf(blocks, roots)
    const open = await openArchive(fileOf(await zipOf({ [CAR_NAME]: car, 'notes.txt': new Uint8Array(9) }, true)))

    expect((await open.check({ log: home.log, media: home.media, clock: systemClock })).entries).to.be.above(3)
  })

  it('[AR14] what unpacks to far more than it is', async () => {
    const zeros = new Uint8Array(65 * 1024 * 1024)

    expect(await verdict(await zipOf({ [CAR_NAME]: zeros }, true))).to.equal(LARGE)
    expect(await verdict(await zipOf({ [CAR_NAME]: await carOf(blocks, roots), [KEYS_NAME]: zeros }))).to.equal(LARGE)
  })

  it('[AR14] a file that unpacks to more than it says', async () => {
    const bytes = await zipOf({ [CAR_NAME]: new Uint8Array(100_000) }, true)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const directory = view.getUint32(bytes.length - 6, true)

    expect(view.getUint32(directory)).to.equal(0x504b0102)
    view.setUint32(directory + 24, 10, true)
    expect(await verdict(bytes)).to.equal(DAMAGED)
  })

  it('[AR15] one more than an archive holds', async () => {
    const counts = { space: idBytes(author.space), records: 0, forks: 0, entries: 0 }

    expect(await verdictOfManifest({}, { entries: MAX_ARCHIVE_ENTRIES })).to.equal(DAMAGED)
    expect(await verdictOfManifest({}, { entries: MAX_ARCHIVE_ENTRIES + 1 })).to.equal(LARGE)
    expect(await verdictOfManifest({}, { records: MAX_ARCHIVE_RECORDS + 1 })).to.equal(LARGE)
    expect(await verdictOfManifest({}, { forks: MAX_ARCHIVE_RECORDS + 1 })).to.equal(LARGE)
    expect(await verdictOfManifest({ spaces: Array.from({ length: MAX_ARCHIVE_SPACES + 1 }, () => counts) })).to.equal(DAMAGED)

    const [first] = blocks

    expect(await verdictOfCar({ roots: Array.from({ length: MAX_ARCHIVE_ROOTS + 1 }, () => first.cid) })).to.equal(LARGE)
  })

  it('[AR15] a block larger than allowed is not read, nor is what calls itself longer than the file', async () => {
    const large = cborBlock(encode(new Uint8Array(MAX_ARCHIVED_BLOCK_BYTES)))
    const head = await carOf([], roots)

    expect(await verdictOfCar({ roots: [large.cid], blocks: [large] })).to.equal(DAMAGED)
    // a length of 2^49
    expect(await verdict(await zipOf({ [CAR_NAME]: concat([head, Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1), new Uint8Array(100)]) }))).to.equal(DAMAGED)
  })

  it('[AR15] a directory with one name too many, and one that is too long', async () => {
    expect((await openZip(fileOf(directoryOf(1_000)))).size).to.equal(1_000)
    expect(await errorName(async () => openZip(fileOf(directoryOf(MAX_ARCHIVE_NAMES + 1))))).to.equal(LARGE)

    const end = archive.slice(archive.length - 22)

    new DataView(end.buffer).setUint32(12, MAX_DIRECTORY_BYTES + 1, true)
    new DataView(end.buffer).setUint32(16, 0, true)

    const size = MAX_DIRECTORY_BYTES + 1 + end.length

    expect(await errorName(async () => openZip({
      size,
      read: async (offset, length) => concat([new Uint8Array(Math.min(length, Math.max(0, size - end.length - offset))), end.subarray(Math.max(0, offset - size + end.length))], length)
    }))).to.equal(LARGE)
  })
})
