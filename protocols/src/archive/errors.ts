/** A file is something else than an archive */
export class NotAnArchiveError extends Error {
  static name = 'NotAnArchiveError'
  name = 'NotAnArchiveError'
}

/** The end of an archive is missing */
export class ArchiveCutShortError extends Error {
  static name = 'ArchiveCutShortError'
  name = 'ArchiveCutShortError'
}

/** An archive was changed after it was made, or holds what none may */
export class ArchiveDamagedError extends Error {
  static name = 'ArchiveDamagedError'
  name = 'ArchiveDamagedError'
}

/** An archive was made by a later version */
export class ArchiveNewerError extends Error {
  static name = 'ArchiveNewerError'
  name = 'ArchiveNewerError'
}

/** There is more of something than an archive may hold, or it would unpack to far more than it is */
export class ArchiveTooLargeError extends Error {
  static name = 'ArchiveTooLargeError'
  name = 'ArchiveTooLargeError'
}

/** An archive is of somebody else than the identity of this device */
export class ForeignArchiveError extends Error {
  static name = 'ForeignArchiveError'
  name = 'ForeignArchiveError'
}

/** A passphrase was given for an archive in which nothing is sealed */
export class ArchiveWithoutKeysError extends Error {
  static name = 'ArchiveWithoutKeysError'
  name = 'ArchiveWithoutKeysError'
}

/** A wall became another one while it was being written to an archive */
export class WallChangedError extends Error {
  static name = 'WallChangedError'
  name = 'WallChangedError'
}
