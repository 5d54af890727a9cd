/**
 * Everything at rest is sealed: a store over any other in which names, values and order cannot be read, and the slots that keep its
 * master key. Rules: specs/storage.md [ST60] to [ST88].
 */
export { createSealedStore, openSealedStore } from './sealed-store.ts'
export type { SealedStore, SealedStoreInit } from './sealed-store.ts'
export { deriveStoreKeys } from './store-keys.ts'
export type { StoreKeys } from './store-keys.ts'
