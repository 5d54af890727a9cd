import { decodeCanonical, encode, readArray, readBytes, readText } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_GOSSIP_BYTES } from '../limits.ts'

/** What a message carries: an identity record, an entry, announced heads, or the proof of a fork */
export type GossipKind = 'record' | 'entry' | 'heads' | 'fork'

const KINDS: readonly string[] = ['record', 'entry', 'heads', 'fork'] satisfies GossipKind[]

/** UTF-8 bytes of the name of a kind, known or not */
const MAX_KIND_BYTES = 16

/** @throws {LimitExceededError} if it is over the size of a gossip message */
export function encodeMessage (kind: GossipKind, bytes: Uint8Array): Uint8Array {
  const message = encode([kind, bytes])

  if (message.length > MAX_GOSSIP_BYTES) {
    throw new LimitExceededError(`A gossip message of ${message.length} bytes is over the ${MAX_GOSSIP_BYTES} allowed`)
  }

  return message
}

/**
 * @returns undefined for a kind of a later version
 * @throws {LimitExceededError | MalformedError}
 */
export function decodeMessage (message: Uint8Array): { kind: GossipKind, bytes: Uint8Array } | undefined {
  const fields = readArray(decodeCanonical(message, { maxBytes: MAX_GOSSIP_BYTES }), 'A gossip message', 16)

  if (fields.length < 2) {
    throw new MalformedError('A gossip message must have a kind and bytes')
  }

  const kind = readText(fields[0], 'The kind of a gossip message', MAX_KIND_BYTES)

  if (!KINDS.includes(kind)) {
    return undefined
  }

  if (fields.length !== 2) {
    throw new MalformedError('A gossip message must have a kind and bytes, nothing more')
  }

  return { kind: kind as GossipKind, bytes: readBytes(fields[1], 'The content of a gossip message') }
}
