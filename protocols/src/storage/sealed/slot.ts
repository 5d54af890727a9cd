/** One slot: what it opens with, and its bytes. Rules: specs/storage.md [ST81], [ST82] */
import { concat } from 'uint8arrays/concat'
import { MalformedError } from '../../errors.ts'
import { withDomain } from '../../hash.ts'
import { openAead, sealAead } from '../aead.ts'
import { keyFromPassphrase } from '../passphrase.ts'
import { MASTER_KEY_BYTES, SLOT_KEY_BYTES } from './constants.ts'
import type { KeyHeader } from './key-header.ts'
import type { StoreKeys } from './store-keys.ts'
import type { Random } from '../../interface.ts'

/** What opens a store */
export type SlotSecret =
  | { kind: 'passphrase', passphrase: string }
  /** `secret`: what the authenticator's PRF gives, 32 bytes */
  | { kind: 'passkey', secret: Uint8Array }
  /** `entropy`: of the recovery phrase, 16 bytes or more */
  | { kind: 'recovery', entropy: Uint8Array }
  /** `key`: from createSafeKey or importSafeKey; it opens the store without a question */
  | { kind: 'device', key: CryptoKey }

/** `duress`: a passphrase that opens another store */
export type SlotKind = SlotSecret['kind'] | 'duress'

const DOMAIN = 'pergola/slots/1'
const MIN_SECRET_BYTES = 16
const NUMBERS: Record<SlotKind, number> = { passphrase: 1, passkey: 2, recovery: 3, device: 4, duress: 5 }

const encoder = new TextEncoder()

async function keyFromSecret (secret: Uint8Array, salt: Uint8Array, purpose: string): Promise<CryptoKey> {
  if (secret.length < MIN_SECRET_BYTES) {
    throw new MalformedError('This key is too short to protect anything')
  }

  const base = await crypto.subtle.importKey('raw', secret as BufferSource, 'HKDF', false, ['deriveKey'])
  const hkdf: HkdfParams = { name: 'HKDF', hash: 'SHA-256', salt: salt as BufferSource, info: withDomain(DOMAIN, encoder.encode(purpose)) as BufferSource }

  return crypto.subtle.deriveKey(hkdf, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/**
 * The key of a slot; takes a while for a passphrase.
 *
 * @throws {MalformedError | LimitExceededError} if the secret is empty, too short or too long
 */
export async function slotKey (secret: SlotSecret, { cost, salt }: Pick<KeyHeader, 'cost' | 'salt'>): Promise<CryptoKey> {
  switch (secret.kind) {
    case 'passphrase': return (await keyFromPassphrase(secret.passphrase, salt, cost)).key
    case 'passkey': return keyFromSecret(secret.secret, salt, 'passkey')
    case 'recovery': return keyFromSecret(secret.entropy, salt, 'recovery')
    default: return secret.key
  }
}

export interface SealSlotInit {
  /** What the slot opens */
  master: Uint8Array
  /** Of the slot itself, from slotKey */
  key: CryptoKey
  kind: SlotKind
  /** Of who makes it, so that they know it for theirs */
  owner: StoreKeys
  salt: Uint8Array
  random: Random
}

export async function sealSlot ({ master, key, kind, owner, salt, random }: SealSlotInit): Promise<Uint8Array> {
  const opening = await sealAead(key, master, withDomain(DOMAIN, salt), random)

  return concat([opening, await sealAead(owner.slots, Uint8Array.of(NUMBERS[kind]), withDomain(DOMAIN, salt, opening), random)])
}

/** @returns the master key; undefined if this is not the key of the slot */
export async function openSlot (slot: Uint8Array, key: CryptoKey, salt: Uint8Array): Promise<Uint8Array | undefined> {
  const master = await openAead(key, slot.subarray(0, SLOT_KEY_BYTES), withDomain(DOMAIN, salt))

  return master?.length === MASTER_KEY_BYTES ? master : undefined
}

/** What a slot is for; undefined if it is somebody else's or not used */
export async function kindOfSlot (slot: Uint8Array, owner: StoreKeys, salt: Uint8Array): Promise<SlotKind | undefined> {
  const number = await openAead(owner.slots, slot.subarray(SLOT_KEY_BYTES), withDomain(DOMAIN, salt, slot.subarray(0, SLOT_KEY_BYTES)))
  const found = Object.entries(NUMBERS).find(([, value]) => value === number?.[0])

  return found?.[0] as SlotKind | undefined
}
