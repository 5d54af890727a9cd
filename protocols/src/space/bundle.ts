/** Key bundles: how those who may read come by the key of an epoch. Rules: specs/space.md [SP11] to [SP20]. */
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { compare } from 'uint8arrays/compare'
import { concat } from 'uint8arrays/concat'
import { decodeCanonical, encode, readBytes, readMap, readUint, sameBytes } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_PAYLOAD_BYTES } from '../limits.ts'
import { EPOCH_ID_BYTES, EPOCH_KEY_BYTES, MAX_EPOCH_NUMBER, MAX_RECIPIENTS, MAX_SLOTS, MEMBERS_BYTES, MIN_SLOTS, SLOT_BYTES, SLOT_TAG_BYTES } from './constants.ts'
import { epochId } from './epoch.ts'
import { WrongEpochError } from './errors.ts'
import { makeSlots, openSlot } from './slots.ts'
import type { SpaceId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Bundle } from './index.ts'

const FIELDS = ['kind', 'epoch', 'number', 'from', 'members', 'slots'] as const
const MEMBERS_LABEL = new TextEncoder().encode('pergola/members/1')

export interface SealBundleInit {
  space: SpaceId
  /** Key of the epoch */
  key: Uint8Array
  number: number
  /** Raw X25519 public keys */
  recipients: Uint8Array[]
  random: Random
}

/** Ascending, each once */
function sorted (keys: Uint8Array[]): Uint8Array[] {
  return [...keys].sort(compare).filter((key, i, all) => i === 0 || !sameBytes(key, all[i - 1]))
}

/** What `membersOf` is made with; costs as much as a few hashes */
export function membersKey (key: Uint8Array): Uint8Array {
  return hkdf(sha256, key, undefined, MEMBERS_LABEL, 32)
}

/** 16 bytes by which whoever has the key sees to whom it was sealed */
export function membersOf (key: Uint8Array, recipients: Uint8Array[]): Uint8Array {
  return hmac(sha256, key, concat(sorted(recipients))).slice(0, MEMBERS_BYTES)
}

/**
 * Seals the key of an epoch to its recipients.
 *
 * @returns the payloads of one or more entries that carry no `epoch`
 * @throws {LimitExceededError} if there are too many recipients
 * @throws {MalformedError} if a key has not 32 bytes
 */
export async function sealBundle ({ space, key, number, recipients, random }: SealBundleInit): Promise<Uint8Array[]> {
  readBytes(key, 'epoch key', EPOCH_KEY_BYTES)

  const to = sorted(recipients.map(recipient => readBytes(recipient, 'recipient', 32)))

  if (to.length > MAX_RECIPIENTS) {
    throw new LimitExceededError(`A key can be sealed to ${MAX_RECIPIENTS} recipients at once, these are ${to.length}`)
  }

  const epoch = epochId(key)
  const from = random.bytes(32)
  const slots = await makeSlots({ space, epoch }, from, to, key, random)
  const blocks: Uint8Array[] = []

  for (let at = 0; at < slots.length; at += MAX_SLOTS) {
    const block = encode({
      kind: 'bundle',
      epoch,
      number,
      from: x25519.getPublicKey(from),
      members: membersOf(membersKey(key), to),
      slots: concat(slots.slice(at, at + MAX_SLOTS))
    })

    decodeBundle(block)
    blocks.push(block)
  }

  return blocks
}

function readSlots (value: unknown): Uint8Array {
  const slots = readBytes(value, 'slots')
  const count = slots.length / SLOT_BYTES

  if (count > MAX_SLOTS) {
    throw new LimitExceededError(`A block of a key bundle holds more than ${MAX_SLOTS} slots`)
  }

  if (count < MIN_SLOTS || !Number.isInteger(Math.log2(count))) {
    throw new MalformedError('The number of slots in a key bundle must be a power of two')
  }

  for (let at = SLOT_BYTES; at < slots.length; at += SLOT_BYTES) {
    if (compare(slots.subarray(at - SLOT_BYTES, at - SLOT_BYTES + SLOT_TAG_BYTES), slots.subarray(at, at + SLOT_TAG_BYTES)) >= 0) {
      throw new MalformedError('The slots of a key bundle do not ascend')
    }
  }

  return slots
}

/**
 * Reads one block of a key bundle.
 *
 * @throws {MalformedError | LimitExceededError} if it is none
 */
export function decodeBundle (bytes: Uint8Array): Bundle {
  const fields = readMap(decodeCanonical(bytes, { maxBytes: MAX_PAYLOAD_BYTES, maxDepth: 2, maxItems: 16 }), 'A key bundle', FIELDS)
  const number = readUint(fields.number, 'number', MAX_EPOCH_NUMBER)

  if (fields.kind !== 'bundle' || number === 0) {
    throw new MalformedError('Not a key bundle')
  }

  return {
    epoch: readBytes(fields.epoch, 'epoch', EPOCH_ID_BYTES),
    number,
    from: readBytes(fields.from, 'from', 32),
    members: readBytes(fields.members, 'members', MEMBERS_BYTES),
    slots: readSlots(fields.slots)
  }
}

/**
 * The key in a block, if one of the secrets, raw X25519 private keys, opens a slot of it.
 *
 * @throws {WrongEpochError} if the key in one's slot is not the one that the bundle names
 */
export async function openBundle (space: SpaceId, bundle: Bundle, secrets: Uint8Array[]): Promise<Uint8Array | undefined> {
  for (const secret of secrets) {
    const key = await openSlot({ space, epoch: bundle.epoch }, bundle.from, secret, bundle.slots)

    if (key != null) {
      if (key.length !== EPOCH_KEY_BYTES || !sameBytes(epochId(key), bundle.epoch)) {
        throw new WrongEpochError('The key bundle holds another key than the one it names')
      }

      return key
    }
  }

  return undefined
}
