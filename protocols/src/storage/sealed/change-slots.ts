/** Adding, changing and removing what opens a sealed store. Rules: specs/storage.md [ST84] */
import { systemRandom } from '../../interface.ts'
import { LastSlotError, SlotTakenError } from '../errors.ts'
import { MASTER_KEY_BYTES, SLOT_BYTES, SLOT_COUNT } from './constants.ts'
import { HEADER_NAMES, keyHeaderOps } from './key-header.ts'
import { known, openSlots, pick } from './key-slots.ts'
import { createSealedStore } from './sealed-store.ts'
import { openSlot, sealSlot, slotKey } from './slot.ts'
import { deriveStoreKeys } from './store-keys.ts'
import type { KeySlotsInit } from './key-slots.ts'
import type { SlotKind, SlotSecret } from './slot.ts'

export interface SlotChanges {
  /** A passphrase, say, that takes the place of those that are removed */
  add?: SlotSecret
  /** A passphrase that opens another store, which is empty at first. Whoever opens with it erases what opens this one */
  addDuress?: { passphrase: string }
  /** Slots of these kinds go */
  remove?: SlotKind[]
}

/**
 * Adds, changes and removes slots in one strict write; `secret` is what opens the store now. Besides its own errors it has those of
 * openKeySlots.
 *
 * @returns the kinds of slots that are there afterwards
 * @throws {LastSlotError} if nothing would open the store any more
 * @throws {SlotTakenError} if what is to be added opens something here already, or all slots are used
 */
export async function changeKeySlots ({ secret, changes, ...init }: KeySlotsInit & { secret: SlotSecret, changes: SlotChanges }): Promise<SlotKind[]> {
  const { store, forget, random = systemRandom } = init
  const { header, master, keys, kinds } = await openSlots(init, secret)
  const slots = header.slots.slice()

  const put = async (opens: Uint8Array, kind: SlotKind, added: SlotSecret): Promise<void> => {
    const key = await slotKey(added, header)

    if ((await Promise.all(slots.map(async slot => openSlot(slot, key, header.salt)))).some(found => found != null)) {
      throw new SlotTakenError('This unlocks something here already: choose another one')
    }

    const free = kinds.flatMap((known, i) => known == null ? [i] : [])

    if (free.length === 0) {
      throw new SlotTakenError(`There are ${SLOT_COUNT} ways to unlock this already: remove one first`)
    }

    const at = free[pick(free.length, random)]
    slots[at] = await sealSlot({ master: opens, key, kind, owner: keys, salt: header.salt, random })
    kinds[at] = kind
  }

  try {
    for (let i = 0; i < SLOT_COUNT; i++) {
      const kind = kinds[i]

      if (kind != null && changes.remove?.includes(kind) === true) {
        slots[i] = random.bytes(SLOT_BYTES)
        kinds[i] = undefined
      }
    }

    if (changes.add != null) {
      await put(master, changes.add.kind, changes.add)
    }

    if (!kinds.some(kind => kind != null && kind !== 'duress')) {
      throw new LastSlotError('Nothing would unlock the data any more: set another passphrase first')
    }

    if (changes.addDuress != null) {
      await putDuress(changes.addDuress.passphrase)
    }

    await store.batch(keyHeaderOps({ ...header, slots }), { durability: 'strict' })
    await forget?.(HEADER_NAMES)

    return known(kinds)
  } finally {
    master.fill(0)
  }

  async function putDuress (passphrase: string): Promise<void> {
    const decoy = random.bytes(MASTER_KEY_BYTES)

    try {
      await put(decoy, 'duress', { kind: 'passphrase', passphrase })
      await createSealedStore({ store, keys: await deriveStoreKeys(decoy), random })
    } finally {
      decoy.fill(0)
    }
  }
}
