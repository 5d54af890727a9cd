/**
 * Everything at rest is sealed: a store over any other in which names, values and order cannot be read, and the slots that keep its
 * master key. Rules: specs/storage.md [ST60] to [ST88].
 */
export { changeKeySlots } from './change-slots.ts'
export type { SlotChanges } from './change-slots.ts'
export { eraseKeySlots, eraseRecords } from './erase.ts'
export { hasKeyHeader as hasKeySlots } from './key-header.ts'
export { createKeySlots, openKeySlots } from './key-slots.ts'
export type { KeySlotsInit, OpenedSlots } from './key-slots.ts'
export { moveRecords } from './move.ts'
export type { MoveInit } from './move.ts'
export { salvageSealedStore } from './salvage.ts'
export type { KeyRange, SalvageReport } from './salvage.ts'
export { createSealedStore, openSealedStore } from './sealed-store.ts'
export type { SealedStore, SealedStoreInit } from './sealed-store.ts'
export type { SlotKind, SlotSecret } from './slot.ts'
export { deriveStoreKeys } from './store-keys.ts'
export type { StoreKeys } from './store-keys.ts'
