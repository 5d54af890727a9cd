/** Makes an archive, a piece at a time. Rules: specs/archive.md [AR1] to [AR9], [AR16]. */
import { entryCid, payloadCid } from '../ids.ts'
import { cborBlock } from './blocks.ts'
import { writeCar } from './car-writer.ts'
import { CAR_NAME, KEYS_NAME, MAX_ARCHIVE_NAMES, MAX_ARCHIVE_ROOTS, PAGE_ENTRIES, READABLE_NAME, README_NAME } from './constants.ts'
import { ArchiveTooLargeError, WallChangedError } from './errors.ts'
import { encodeManifest, encodePage } from './manifest.ts'
import { namePictures } from './picture-names.ts'
import { counted } from './progress.ts'
import { readableWall, readme } from './readable.ts'
import { writeZip } from './zip-writer.ts'
import type { Block } from './blocks.ts'
import type { Archive, ArchivedSpace, WriteArchiveInit } from './index.ts'
import type { Manifest, SpaceCounts } from './manifest.ts'
import type { NamedPicture } from './picture-names.ts'
import type { ZipInput } from './zip-writer.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { AbortOptions } from '../interface.ts'
import type { ChainView, Entry, Log } from '../log/index.ts'
import type { MediaRef } from '../wall/index.ts'
import type { CID } from 'multiformats/cid'

/** What an entry is taken for when the size of an archive is estimated */
const ENTRY_BYTES = 1024
/** Names in the ZIP that are not of pictures */
const OTHER_NAMES = 4

interface PlannedSpace {
  chains: ChainView[]
  records: SignedRecord[]
  forks: Uint8Array[]
  counts: SpaceCounts
}

/** What is in the log now is what is written: chains that grow meanwhile grow beyond it */
async function plan (log: Log, { space }: ArchivedSpace): Promise<PlannedSpace> {
  const chains = await log.views(space)
  const authors = [...new Set(chains.map(({ identity }) => identity))]
  const records = (await Promise.all(authors.map(async author => log.record(author)))).filter(record => record != null)
  const forks = (await Promise.all(chains.filter(({ fork }) => fork != null).map(async chain => log.forkProof(chain)))).filter(proof => proof != null)
  const entries = chains.reduce((sum, { ranges }) => sum + ranges.reduce((length, { from, to }) => length + to - from + 1, 0), 0)

  return { chains, records, forks, counts: { space, records: records.length, forks: forks.length, entries } }
}

async function * pageBlocks (entries: Entry[]): AsyncGenerator<Block> {
  yield cborBlock(encodePage(entries))

  for (const { id, header, headerBytes, payload } of entries) {
    yield { cid: entryCid(id), bytes: headerBytes }

    if (payload != null) {
      yield { cid: payloadCid(header.payload, header.epoch != null), bytes: payload }
    }
  }
}

async function * spaceBlocks (log: Log, { chains, records, forks, counts }: PlannedSpace, { signal }: AbortOptions): AsyncGenerator<Block> {
  let left = counts.entries
  let page: Entry[] = []

  yield * records.map(({ bytes }) => cborBlock(bytes))
  yield * forks.map(cborBlock)

  for (const chain of chains) {
    for (const { from, to } of chain.ranges.toReversed()) {
      for await (const entry of log.read(chain, { from, to, reverse: true, ...(signal == null ? {} : { signal }) })) {
        left--

        if (page.push(entry) === PAGE_ENTRIES) {
          yield * pageBlocks(page)
          page = []
        }
      }
    }
  }

  if (page.length > 0) {
    yield * pageBlocks(page)
  }

  if (left !== 0) {
    throw new WallChangedError('Devices were changed while the archive was being made: make it again')
  }
}

function distinct (spaces: ArchivedSpace[]): MediaRef[] {
  return [...new Map(spaces.flatMap(({ media }) => media).map(ref => [ref.cid.toString(), ref])).values()]
}

async function isHere ({ media }: WriteArchiveInit, cid: CID): Promise<boolean> {
  return await media.isPinned(cid) || media.has(cid)
}

/** @throws {ArchiveTooLargeError} if there is more of something than an archive holds */
export async function writeArchive (init: WriteArchiveInit): Promise<Archive> {
  const { log, media, view, clock, spaces, keys, signal, onProgress } = init
  const created = clock.now()
  const options: AbortOptions = signal == null ? {} : { signal }
  const planned: PlannedSpace[] = []
  const files: MediaRef[] = []
  let missing = 0

  for (const space of spaces) {
    planned.push(await plan(log, space))
  }

  for (const ref of distinct(spaces)) {
    signal?.throwIfAborted()

    if (await isHere(init, ref.cid)) {
      files.push(ref)
    } else {
      missing++
    }
  }

  const here = new Set(files.map(({ cid }) => cid.toString()))
  const pictures = [...namePictures(view).entries()].flatMap(([key, picture]): Array<[string, NamedPicture]> => here.has(key) ? [[key, picture]] : [])
  const names = new Map(pictures)
  const manifest: Manifest = { identity: view.owner, created, spaces: planned.map(({ counts }) => counts) }
  const first = cborBlock(encodeManifest(manifest))
  const heads = planned.flatMap(({ chains }) => chains.flatMap(({ head }) => head == null ? [] : [entryCid(head.id)]))
  const roots = [first.cid, ...heads, ...files.map(({ cid }) => cid)]

  if (roots.length > MAX_ARCHIVE_ROOTS || names.size > MAX_ARCHIVE_NAMES - OTHER_NAMES) {
    throw new ArchiveTooLargeError('This wall has more pictures than one archive holds')
  }

  async function * blocks (): AsyncGenerator<Block> {
    yield first

    for (const space of planned) {
      yield * spaceBlocks(log, space, options)
    }

    for (const { cid } of files) {
      yield * media.blocks(cid, options)
    }
  }

  async function * one (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
    yield bytes
  }

  const readable = { view, created, pictureName: ({ large }: { large: MediaRef }) => names.get(large.cid.toString())?.name, ...(init.follows == null ? {} : { follows: init.follows }) }

  function * zipped (): Generator<ZipInput> {
    yield { name: README_NAME, input: one(readme(readable, keys != null)) }
    yield { name: READABLE_NAME, input: readableWall(readable) }

    for (const { name, ref } of names.values()) {
      yield { name, input: media.content(ref.cid, ref.size, options) }
    }

    yield { name: CAR_NAME, input: writeCar(roots, blocks()) }

    if (keys != null) {
      yield { name: KEYS_NAME, input: one(keys) }
    }
  }

  const total = sizeOf(files) + sizeOf([...names.values()].map(({ ref }) => ref)) + (keys?.length ?? 0) +
    ENTRY_BYTES * planned.reduce((sum, { counts }) => sum + counts.entries, 0)

  return {
    posts: view.posts.length,
    files: files.length,
    missing,
    total,
    bytes: counted(writeZip(zipped(), new Date(created), options), done => onProgress?.(Math.min(done, total), total))
  }
}

function sizeOf (refs: MediaRef[]): number {
  return refs.reduce((sum, { size }) => sum + size, 0)
}
