import { CID } from 'multiformats/cid'
import { toHex } from '../../src/ids.ts'

/** A decoded value as vectors show it: bytes in hexadecimal, links as the text of their CID */
export function toJson (value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return toHex(value)
  }

  const cid = CID.asCID(value)

  if (cid != null) {
    return cid.toString()
  }

  if (Array.isArray(value)) {
    return value.map(toJson)
  }

  return value == null || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toJson(member)]))
}

/** The name of the error that reading gives */
export async function errorName (read: () => unknown): Promise<string> {
  try {
    await read()
  } catch (err) {
    return (err as Error).name
  }

  throw new Error('It was read')
}
