/** What goes over a `/pergola/pin/1.0.0` stream. Rules: specs/media.md. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { idBytes, spaceId } from '../ids.ts'
import { MAX_FRAME_BYTES } from '../limits.ts'
import { MAX_PIN_BYTES, MAX_PIN_ROOTS } from './constants.ts'
import type { SpaceId } from '../ids.ts'
import type { CID } from 'multiformats/cid'

/** A file to be pinned; `size` as announced in the entry: the bytes of its content */
export interface PinRoot {
  cid: CID
  size: number
}

export interface PinRequest {
  /** Where the entries that name the files are */
  space: SpaceId
  roots: PinRoot[]
}

/** `refused`: not admitted. `unavailable`: could not be fetched. `unfit`: not the file that was announced. `full`: no room */
export type PinFailure = 'refused' | 'unavailable' | 'unfit' | 'full'

export type PinMessage =
  | { type: 'receipt', receipt: Uint8Array }
  | { type: 'failure', cid: CID, reason: PinFailure }
  | { type: 'progress', cid: CID, done: number }

const FAILURES: PinFailure[] = ['refused', 'unavailable', 'unfit', 'full']
const FAILURE = 0
const RECEIPT = 1
const PROGRESS = 2

export function encodePinRequest ({ space, roots }: PinRequest): Uint8Array {
  return encode([idBytes(space), roots.map(({ cid, size }) => [cid, size])])
}

/** @throws {MalformedError | LimitExceededError | MalformedIdError} */
export function decodePinRequest (bytes: Uint8Array): PinRequest {
  const [space, roots] = readArray(decodeCanonical(bytes, { maxBytes: MAX_FRAME_BYTES }), 'A pin request', 2)

  return {
    space: spaceId(readBytes(space, 'space', 32)),
    roots: readArray(roots, 'roots', MAX_PIN_ROOTS).map(root => {
      const [cid, size] = readArray(root, 'root', 2)

      return { cid: readCid(cid, 'cid'), size: readUint(size, 'size', MAX_PIN_BYTES) }
    })
  }
}

export function encodePinMessage (message: PinMessage): Uint8Array {
  if (message.type === 'receipt') {
    return encode([RECEIPT, message.receipt])
  }

  if (message.type === 'failure') {
    return encode([FAILURE, message.cid, FAILURES.indexOf(message.reason)])
  }

  return encode([PROGRESS, message.cid, message.done])
}

/** @throws {MalformedError | LimitExceededError} */
export function decodePinMessage (bytes: Uint8Array): PinMessage {
  const [kind, first, second] = readArray(decodeCanonical(bytes, { maxBytes: MAX_FRAME_BYTES }), 'A pin message', 3)

  switch (kind) {
    case RECEIPT:
      return { type: 'receipt', receipt: readBytes(first, 'receipt') }
    case FAILURE:
      return { type: 'failure', cid: readCid(first, 'cid'), reason: FAILURES[readUint(second, 'reason', FAILURES.length - 1)] }
    case PROGRESS:
      return { type: 'progress', cid: readCid(first, 'cid'), done: readUint(second, 'done') }
    default:
      throw new MalformedError('A pin message is of an unknown kind')
  }
}
