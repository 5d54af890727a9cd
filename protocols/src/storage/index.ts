/**
 * Where things are kept: stores that run anywhere, and small secrets. The stores that need a platform have entry points of their
 * own, `storage/level` and `storage/idb`. Rules: specs/storage.md.
 */
export { openBackup, sealBackup } from './backup.ts'
export type { BackupContent, SealBackupOptions } from './backup.ts'
export { MAX_BACKUP_BYTES, MAX_BACKUP_ENTRIES, MAX_BACKUP_FOLLOWS, MAX_BACKUP_PEERS, MAX_BACKUP_RECORDS, MAX_SECRET_BYTES, MAX_STORE_KEY_BYTES } from './constants.ts'
export {
  BackupCutShortError, BackupDamagedError, BackupNewerError, LastSlotError, NoKeySlotsError, NoSuchSlotError, NotABackupError, NotProtectedError,
  PassphraseTooShortError, SchemaNewerError, SecretUnreadableError, SlotTakenError, StoreDamagedError, StoreLockedError, StoreOpenError, StoreSealedError, TooManyAttemptsError, WrongPassphraseError
} from './errors.ts'
export { memoryDisk, memoryStore } from './memory.ts'
export type { MemoryDisk } from './memory.ts'
export { bringUpToDate } from './old-layout.ts'
export type { OldLayout } from './old-layout.ts'
export { prefixEnd, prefixStore } from './prefix.ts'
export { createSafeKey, importSafeKey, safe, SAFE_KEY_BYTES } from './safe.ts'
export type { Safe, SafeInit } from './safe.ts'
export { migrate } from './schema.ts'
export type { Migration } from './schema.ts'
export {
  changeKeySlots, createKeySlots, createSealedStore, deriveStoreKeys, eraseKeySlots, eraseRecords, hasKeySlots, moveRecords, openKeySlots,
  openSealedStore, salvageSealedStore
} from './sealed/index.ts'
export type {
  KeyRange, KeySlotsInit, MoveInit, OpenedSlots, SalvageReport, SealedStore, SealedStoreInit, SlotChanges, SlotKind, SlotSecret, StoreKeys
} from './sealed/index.ts'
export { MIN_LOCK_PASSPHRASE_CHARACTERS, openVault } from './vault.ts'
export type { DeviceKey, PassphraseChange, Vault, VaultInit } from './vault.ts'
