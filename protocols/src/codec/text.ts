import { base64url } from 'multiformats/bases/base64'
import { MalformedError } from '../errors.ts'

/** Base64url without padding: what stands in links */
export function toBase64url (bytes: Uint8Array): string {
  return base64url.baseEncode(bytes)
}

/** @throws {MalformedError} */
export function fromBase64url (text: string): Uint8Array {
  try {
    return base64url.baseDecode(text)
  } catch (err) {
    throw new MalformedError('Not base64url', { cause: err })
  }
}
