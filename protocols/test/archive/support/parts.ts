/** Archives taken apart and put together otherwise. */
import { CarReader } from '@ipld/car'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { concat } from 'uint8arrays/concat'
import { fromString } from 'uint8arrays/from-string'
import { CAR_NAME } from '../../../src/archive/constants.ts'
import { openZip } from '../../../src/archive/zip-reader.ts'
import { collect, fileOf } from './bytes.ts'
import type { Block } from '../../../src/archive/blocks.ts'
import type { CID } from 'multiformats/cid'

export async function namedFile (archive: Uint8Array, name: string): Promise<Uint8Array> {
  const file = (await openZip(fileOf(archive))).get(name)

  if (file == null) {
    throw new Error(`There is no ${name}`)
  }

  return collect(file.bytes())
}

export async function readBlocks (archive: Uint8Array): Promise<{ roots: CID[], blocks: Block[] }> {
  const reader = await CarReader.fromBytes(await namedFile(archive, CAR_NAME))
  const blocks: Block[] = []

  for await (const block of reader.blocks()) {
    blocks.push(block)
  }

  return { roots: await reader.getRoots(), blocks }
}

/** A ZIP made by another program than the one under test */
export async function zipOf (files: Record<string, Uint8Array>, deflated: boolean = false): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, level: deflated ? 9 : 0, dataDescriptor: false, filenameValidation: 'tolerant' } as never)

  for (const [name, bytes] of Object.entries(files)) {
    await zip.add(name, new Uint8ArrayReader(bytes))
  }

  return zip.close()
}

function little (...fields: Array<[bytes: number, value: number]>): Uint8Array {
  return concat(fields.map(([bytes, value]) => Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256)))
}

/** The directory of a ZIP that says it has so many files, with its ends of both kinds */
export function directoryOf (count: number): Uint8Array {
  const head = little([4, 0x02014b50], [2, 20], [2, 20], [20, 0], [2, 6], [16, 0])
  const directory = concat(Array.from({ length: count }, (_, i) => [head, fromString(String(i).padStart(6, '0'))]).flat())

  return concat([
    directory,
    little([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [8, 0], [8, count], [8, count], [8, directory.length], [8, 0]),
    little([4, 0x07064b50], [4, 0], [8, directory.length], [4, 1]),
    little([4, 0x06054b50], [4, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0])
  ])
}
