/** The slots of a key bundle: one for each recipient, and others that nobody can tell from them. Rules: specs/space.md [SP13] to [SP17]. */
import { x25519 } from '@noble/curves/ed25519.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { compare } from 'uint8arrays/compare'
import { concat } from 'uint8arrays/concat'
import { withDomain } from '../hash.ts'
import { idBytes } from '../ids.ts'
import { MIN_SLOTS, SLOT_BYTES, SLOT_TAG_BYTES } from './constants.ts'
import { openWith, sealTo } from './hpke.ts'
import type { SpaceId } from '../ids.ts'
import type { Random } from '../interface.ts'

const BUNDLE_DOMAIN = 'pergola/bundle/1'
const SLOT_DOMAIN = 'pergola/slot/1'

/** What slots are bound to */
export interface SlotPlace {
  space: SpaceId
  /** Id of the epoch */
  epoch: Uint8Array
}

function infoOf ({ space, epoch }: SlotPlace): Uint8Array {
  return withDomain(BUNDLE_DOMAIN, idBytes(space), epoch)
}

/** Undefined where X25519 gives zero: whoever has such a key shares it with everybody */
function slotTag (secret: Uint8Array, publicKey: Uint8Array, { space, epoch }: SlotPlace): Uint8Array | undefined {
  let shared

  try {
    shared = x25519.getSharedSecret(secret, publicKey)
  } catch {
    return undefined
  }

  return hmac(sha256, shared, withDomain(SLOT_DOMAIN, idBytes(space), epoch)).slice(0, SLOT_TAG_BYTES)
}

function emptySlot (random: Random): Uint8Array {
  const enc = x25519.getPublicKey(random.bytes(32))

  return concat([random.bytes(SLOT_TAG_BYTES), enc, random.bytes(SLOT_BYTES - SLOT_TAG_BYTES - enc.length)])
}

function slotCount (recipients: number): number {
  let count = MIN_SLOTS

  while (count < recipients) {
    count *= 2
  }

  return count
}

/** Ascending by tag, a power of two of them */
export async function makeSlots (place: SlotPlace, from: Uint8Array, recipients: Uint8Array[], key: Uint8Array, random: Random): Promise<Uint8Array[]> {
  const slots: Uint8Array[] = []

  for (const recipient of recipients) {
    const tag = slotTag(from, recipient, place)

    if (tag != null) {
      slots.push(concat([tag, await sealTo(recipient, infoOf(place), key, random)]))
    }
  }

  const count = slotCount(recipients.length)

  while (slots.length < count) {
    slots.push(emptySlot(random))
  }

  return slots.sort(compare)
}

/** What stands in the slot of one's own, if there is one that opens */
export async function openSlot (place: SlotPlace, from: Uint8Array, secret: Uint8Array, slots: Uint8Array): Promise<Uint8Array | undefined> {
  const tag = slotTag(secret, from, place)

  if (tag == null) {
    return undefined
  }

  for (let at = 0; at < slots.length; at += SLOT_BYTES) {
    if (compare(slots.subarray(at, at + SLOT_TAG_BYTES), tag) === 0) {
      try {
        return await openWith(secret, infoOf(place), slots.subarray(at + SLOT_TAG_BYTES, at + SLOT_BYTES))
      } catch {
        return undefined
      }
    }
  }

  return undefined
}
