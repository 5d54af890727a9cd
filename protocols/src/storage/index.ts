/**
 * Where things are kept: stores that run anywhere, and small secrets. The stores that need a platform have entry points of their
 * own, `storage/level` and `storage/idb`. Rules: specs/storage.md.
 */
export { MAX_STORE_KEY_BYTES } from './constants.ts'
export { StoreDamagedError, StoreLockedError } from './errors.ts'
export { memoryDisk, memoryStore } from './memory.ts'
export type { MemoryDisk } from './memory.ts'
export { prefixEnd, prefixStore } from './prefix.ts'
