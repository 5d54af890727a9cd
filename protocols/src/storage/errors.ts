/** Another program, or another part of this one, has the store open */
export class StoreLockedError extends Error {
  static name = 'StoreLockedError'
  name = 'StoreLockedError'
}

/** The store on disk is damaged and a repair did not help */
export class StoreDamagedError extends Error {
  static name = 'StoreDamagedError'
  name = 'StoreDamagedError'
}

/** The store cannot be opened, for a reason that a repair cannot mend: no permission, no space, not a folder */
export class StoreOpenError extends Error {
  static name = 'StoreOpenError'
  name = 'StoreOpenError'
}

/** A kept secret does not open: it was changed, moved to another name, or sealed with another key */
export class SecretUnreadableError extends Error {
  static name = 'SecretUnreadableError'
  name = 'SecretUnreadableError'
}

/** The passphrase is not the one it was sealed with */
export class WrongPassphraseError extends Error {
  static name = 'WrongPassphraseError'
  name = 'WrongPassphraseError'
}

/** A file is something else than a backup */
export class NotABackupError extends Error {
  static name = 'NotABackupError'
  name = 'NotABackupError'
}

/** The end of a backup file is missing */
export class BackupCutShortError extends Error {
  static name = 'BackupCutShortError'
  name = 'BackupCutShortError'
}

/** A backup file was made by a later version */
export class BackupNewerError extends Error {
  static name = 'BackupNewerError'
  name = 'BackupNewerError'
}

/** A backup file was changed after it was made */
export class BackupDamagedError extends Error {
  static name = 'BackupDamagedError'
  name = 'BackupDamagedError'
}

/** A store was written by a later version of the program */
export class SchemaNewerError extends Error {
  static name = 'SchemaNewerError'
  name = 'SchemaNewerError'
}

/** The keys of a sealed store were let go of: it has to be unlocked first */
export class StoreSealedError extends Error {
  static name = 'StoreSealedError'
  name = 'StoreSealedError'
}

/** There are no key slots where they were looked for: the store was never sealed, or was erased */
export class NoKeySlotsError extends Error {
  static name = 'NoKeySlotsError'
  name = 'NoKeySlotsError'
}

/** No slot opens with this key: it was removed, or belongs to other data */
export class NoSuchSlotError extends Error {
  static name = 'NoSuchSlotError'
  name = 'NoSuchSlotError'
}

/** Nothing would open the store any more */
export class LastSlotError extends Error {
  static name = 'LastSlotError'
  name = 'LastSlotError'
}

/** Locking makes no sense: without a passphrase the device opens everything by itself */
export class NotProtectedError extends Error {
  static name = 'NotProtectedError'
  name = 'NotProtectedError'
}

/** A passphrase is so short that it protects nothing */
export class PassphraseTooShortError extends Error {
  static name = 'PassphraseTooShortError'
  name = 'PassphraseTooShortError'
}

/** The passphrase or key opens this data already */
export class SlotTakenError extends Error {
  static name = 'SlotTakenError'
  name = 'SlotTakenError'
}

/** After several wrong passphrases the next attempt has to wait */
export class TooManyAttemptsError extends Error {
  static name = 'TooManyAttemptsError'
  name = 'TooManyAttemptsError'
  /** Milliseconds */
  readonly wait: number

  constructor (message: string, wait: number) {
    super(message)
    this.wait = wait
  }
}
