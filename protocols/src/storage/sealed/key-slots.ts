/** The slots that keep the master key of a sealed store. Rules: specs/storage.md [ST80] to [ST88] */
import { systemClock, systemRandom } from '../../interface.ts'
import { NoSuchSlotError, SlotTakenError, TooManyAttemptsError, WrongPassphraseError } from '../errors.ts'
import { DEFAULT_KDF_COST, SALT_BYTES } from '../passphrase.ts'
import { countAttempt, decodeAttempts, encodeAttempts, waitFor } from './attempts.ts'
import { MASTER_KEY_BYTES, SLOT_BYTES, SLOT_COUNT } from './constants.ts'
import { hasKeyHeader, HEADER_NAMES, keyHeaderOps, readKeyHeader } from './key-header.ts'
import { createSealedStore } from './sealed-store.ts'
import { kindOfSlot, openSlot, sealSlot, slotKey } from './slot.ts'
import { deriveStoreKeys } from './store-keys.ts'
import type { Clock, Random, Store } from '../../interface.ts'
import type { KdfCost } from '../passphrase.ts'
import type { KeyHeader } from './key-header.ts'
import type { SlotKind, SlotSecret } from './slot.ts'
import type { StoreKeys } from './store-keys.ts'

export const ATTEMPTS_NAME = Uint8Array.of(2)
const STRICT = { durability: 'strict' } as const

export interface KeySlotsInit {
  /** Where the header and the sealed records are: the store below */
  store: Store
  /**
   * Has the store below leave nothing of what was overwritten or deleted under these names, as `forget` of a level store does
   *
   * @default nothing
   */
  forget? (names: Uint8Array[]): Promise<void>
  /** @default systemClock */
  clock?: Clock
  /** @default systemRandom */
  random?: Random
}

export interface OpenedSlots {
  keys: StoreKeys
  /** The slots that are known to whom these keys belong, in no order */
  kinds: SlotKind[]
  /** The passphrase was for duress: what others sealed can be opened no more, and a sweep deletes it. Not to be shown */
  isTakeOver: boolean
}

/** A header that was opened; the master key is overwritten with zeros after use */
interface Opened {
  header: KeyHeader
  master: Uint8Array
  keys: StoreKeys
  /** By slot; undefined: not used, or not ours */
  kinds: Array<SlotKind | undefined>
  /** Which slot it was */
  at: number
}

/** @throws {NoSuchSlotError} if it opens none */
async function openHeader (header: KeyHeader, key: CryptoKey): Promise<Opened> {
  const found = await Promise.all(header.slots.map(async slot => openSlot(slot, key, header.salt)))
  const at = found.findIndex(opened => opened != null)
  const master = found[at]

  if (master == null) {
    throw new NoSuchSlotError('This does not unlock the data: use the passphrase or the recovery phrase')
  }

  const keys = await deriveStoreKeys(master)
  const kinds = await Promise.all(header.slots.map(async slot => kindOfSlot(slot, keys, header.salt)))

  return { header, master, keys, kinds, at }
}

export const known = (kinds: Array<SlotKind | undefined>): SlotKind[] => kinds.filter(kind => kind != null)

/**
 * Makes a new master key, an empty sealed store for it, and one slot that opens it.
 *
 * @throws {SlotTakenError} if there are slots already
 */
export async function createKeySlots (init: KeySlotsInit & { secret: SlotSecret, cost?: KdfCost }): Promise<StoreKeys> {
  const { store, secret, cost = DEFAULT_KDF_COST, random = systemRandom } = init

  if (await hasKeyHeader(store)) {
    throw new SlotTakenError('This data is locked already: unlock it to change how')
  }

  const salt = random.bytes(SALT_BYTES)
  const key = await slotKey(secret, { cost, salt })
  const master = random.bytes(MASTER_KEY_BYTES)

  try {
    const keys = await deriveStoreKeys(master)
    const slots = Array.from({ length: SLOT_COUNT }, () => random.bytes(SLOT_BYTES))
    slots[pick(SLOT_COUNT, random)] = await sealSlot({ master, key, kind: secret.kind, owner: keys, salt, random })

    // the tree first: a header means that there is one
    await createSealedStore({ store, keys, random })
    await store.batch(keyHeaderOps({ cost, salt, slots }), STRICT)

    return keys
  } finally {
    master.fill(0)
  }
}

/** Any number below this one; what is left of a bias does not matter for where a slot lies */
export function pick (count: number, random: Random): number {
  return random.bytes(4).reduce((number, byte) => (number * 256 + byte) % count, 0)
}

/**
 * Opens with a passphrase, and has everything forgotten that it cannot account for.
 *
 * @throws {TooManyAttemptsError | WrongPassphraseError}
 */
async function openWithPassphrase (init: KeySlotsInit, secret: SlotSecret, header: KeyHeader): Promise<Opened & { isTakeOver: boolean }> {
  const { store, forget, clock = systemClock, random = systemRandom } = init
  const attempts = decodeAttempts(await store.get(ATTEMPTS_NAME), clock.now())
  const wait = waitFor(attempts, clock.now())

  if (wait > 0) {
    throw new TooManyAttemptsError(`Too many wrong passphrases: try again in ${Math.ceil(wait / 1_000)} seconds`, wait)
  }

  await store.put(ATTEMPTS_NAME, encodeAttempts(countAttempt(attempts, clock.now())), STRICT)

  const key = await slotKey(secret, header)
  const { master, keys, kinds, at } = await openHeader(header, key).catch((err: unknown) => {
    throw err instanceof NoSuchSlotError ? new WrongPassphraseError('This is not the passphrase: try again') : err
  })
  const slots = header.slots.map((slot, i) => kinds[i] == null ? random.bytes(SLOT_BYTES) : slot)
  const isTakeOver = kinds[at] == null

  if (isTakeOver) {
    slots[at] = await sealSlot({ master, key, kind: 'passphrase', owner: keys, salt: header.salt, random })
    kinds[at] = 'passphrase'
  }

  await store.batch([...keyHeaderOps({ ...header, slots }), { type: 'delete', key: ATTEMPTS_NAME }], STRICT)
  await forget?.(HEADER_NAMES)

  return { header: { ...header, slots }, master, keys, kinds, at, isTakeOver }
}

/** Opens the header; the master key is to be overwritten after use */
export async function openSlots (init: KeySlotsInit, secret: SlotSecret): Promise<Opened & { isTakeOver: boolean }> {
  const header = await readKeyHeader(init.store)

  return secret.kind === 'passphrase'
    ? openWithPassphrase(init, secret, header)
    : { ...await openHeader(header, await slotKey(secret, header)), isTakeOver: false }
}

/**
 * @throws {WrongPassphraseError} if it is another one
 * @throws {TooManyAttemptsError} if the next attempt has to wait
 * @throws {NoSuchSlotError} if another key than a passphrase opens nothing
 * @throws {NoKeySlotsError} if there are no slots
 * @throws {StoreDamagedError} if they are damaged
 * @throws {SchemaNewerError} if a later version wrote them
 */
export async function openKeySlots ({ secret, ...init }: KeySlotsInit & { secret: SlotSecret }): Promise<OpenedSlots> {
  const { keys, kinds, master, isTakeOver } = await openSlots(init, secret)
  master.fill(0)

  return { keys, kinds: known(kinds), isTakeOver }
}
