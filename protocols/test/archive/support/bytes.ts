import { concat } from 'uint8arrays/concat'
import type { ArchiveFile } from '../../../src/archive/index.ts'

/** An archive in memory, as a file that is read anywhere */
export function fileOf (bytes: Uint8Array): ArchiveFile {
  return { size: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) }
}

export async function collect (source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []

  for await (const part of source) {
    parts.push(part)
  }

  return concat(parts)
}
