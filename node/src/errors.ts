/** Another process works on this data folder */
export class AlreadyRunningError extends Error {
  static name = 'AlreadyRunningError'
  name = 'AlreadyRunningError'
}

/** A home node answered, and could not do what was asked */
export class ControlError extends Error {
  static name = 'ControlError'
  name = 'ControlError'
}

/** No home node answers for this data folder */
export class NotRunningError extends Error {
  static name = 'NotRunningError'
  name = 'NotRunningError'
}

/** A file that was named cannot be read */
export class FileUnreadableError extends Error {
  static name = 'FileUnreadableError'
  name = 'FileUnreadableError'
}

/** A file that was named cannot be written */
export class FileUnwritableError extends Error {
  static name = 'FileUnwritableError'
  name = 'FileUnwritableError'
}

/** A passphrase is needed, and none was given */
export class NoPassphraseError extends Error {
  static name = 'NoPassphraseError'
  name = 'NoPassphraseError'
}

/** The key file is not the one that the data was sealed with */
export class WrongKeyFileError extends Error {
  static name = 'WrongKeyFileError'
  name = 'WrongKeyFileError'
}

/** The home node has to be unlocked first */
export class HomeLockedError extends Error {
  static name = 'HomeLockedError'
  name = 'HomeLockedError'
}

/** A passphrase was typed differently the second time */
export class PassphrasesDifferError extends Error {
  static name = 'PassphrasesDifferError'
  name = 'PassphrasesDifferError'
}

/** Something that cannot be undone was not confirmed */
export class NotConfirmedError extends Error {
  static name = 'NotConfirmedError'
  name = 'NotConfirmedError'
}
