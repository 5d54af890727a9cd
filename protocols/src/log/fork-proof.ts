/**
 * Proof that a device wrote two entries at one place: from each side a signed entry and the headers below it down to the split, where
 * both sides name the same entry before them. Whoever sees it needs nothing else. Rules: specs/log.md [LG40] to [LG46].
 */
import { decodeCanonical, encode, readArray, readBytes } from '../codec/index.ts'
import { InvalidSignatureError, MalformedError } from '../errors.ts'
import { sha256 } from '../hash.ts'
import { SIGNATURE_BYTES } from '../identity/index.ts'
import { entryId } from '../ids.ts'
import { MAX_FORK_PATH, MAX_FORK_PROOF_BYTES } from '../limits.ts'
import { readHeader, verifyEntry } from './entry.ts'
import type { EntryId } from '../ids.ts'
import type { ChainKey, EntryHeader } from './entry.ts'

/** One side of a fork */
export interface Branch {
  /** Header bytes, the signed one first, each naming the next as the one before it; the last stands at the split */
  headers: Uint8Array[]
  /** Of the first header */
  signature: Uint8Array
}

/** A proof that was verified */
export interface ForkProof {
  chain: ChainKey
  /** The place of the split */
  seq: number
  /** Both entries at the split */
  ids: [EntryId, EntryId]
  branches: [Branch, Branch]
  /** `[[headers, signature], [headers, signature]]` in DAG-CBOR, the lower id first */
  bytes: Uint8Array
}

export interface CheckedBranch {
  chain: ChainKey
  seq: number
  id: EntryId
  prev: EntryId | null
}

/**
 * Checks that the headers are linked and the first is signed.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError | UnknownVersionError | InvalidSignatureError}
 */
export async function checkBranch (branch: Branch): Promise<CheckedBranch> {
  let above: EntryHeader | undefined
  let top: EntryHeader | undefined
  let id: EntryId | undefined

  for (const headerBytes of branch.headers) {
    const header = readHeader(headerBytes)

    id = entryId(sha256(headerBytes))

    if (above != null && (above.prev !== id || above.seq !== header.seq + 1 ||
      above.space !== header.space || above.identity !== header.identity || above.device !== header.device)) {
      throw new MalformedError('The headers of a fork proof are not linked')
    }

    top ??= header
    above = header
  }

  if (top == null || above == null || id == null) {
    throw new MalformedError('A side of a fork proof is empty')
  }

  if (!await verifyEntry({ header: top, headerBytes: branch.headers[0], signature: branch.signature })) {
    throw new InvalidSignatureError('A side of a fork proof is not signed')
  }

  const { space, identity, device, seq, prev } = above

  return { chain: { space, identity, device }, seq, id, prev }
}

function readBranch (value: unknown): Branch {
  const [headers, signature] = readArray(value, 'A side of a fork proof', 2)

  return {
    headers: readArray(headers, 'headers', MAX_FORK_PATH).map(header => readBytes(header, 'header')),
    signature: readBytes(signature, 'signature', SIGNATURE_BYTES)
  }
}

/**
 * Joins two sides to a proof.
 *
 * @throws {MalformedError | InvalidSignatureError} if they do not prove a fork
 */
export async function makeForkProof (a: Branch, b: Branch): Promise<ForkProof> {
  const left = await checkBranch(a)
  const right = await checkBranch(b)

  if (left.seq !== right.seq || left.id === right.id || left.prev !== right.prev || left.chain.space !== right.chain.space ||
    left.chain.identity !== right.chain.identity || left.chain.device !== right.chain.device) {
    throw new MalformedError('The two sides do not prove a fork')
  }

  const [first, second] = left.id < right.id ? [a, b] : [b, a]

  return {
    chain: left.chain,
    seq: left.seq,
    ids: left.id < right.id ? [left.id, right.id] : [right.id, left.id],
    branches: [first, second],
    bytes: encode([first, second].map(({ headers, signature }) => [headers, signature]))
  }
}

/**
 * Reads and verifies a proof.
 *
 * @throws {MalformedError | LimitExceededError | MalformedIdError | UnknownVersionError | InvalidSignatureError}
 */
export async function decodeForkProof (bytes: Uint8Array): Promise<ForkProof> {
  const sides = readArray(decodeCanonical(bytes, { maxBytes: MAX_FORK_PROOF_BYTES }), 'A fork proof', 2)

  if (sides.length !== 2) {
    throw new MalformedError('A fork proof has two sides')
  }

  return makeForkProof(readBranch(sides[0]), readBranch(sides[1]))
}
