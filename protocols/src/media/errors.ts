/** What can go wrong with media. A message is for a person and says what to do. */

/** Nobody who was asked has the file, or none of them can be reached */
export class MediaUnavailableError extends Error {
  static name = 'MediaUnavailableError'
  name = 'MediaUnavailableError'
}

/** What arrived is not the file that was announced */
export class MalformedMediaError extends Error {
  static name = 'MalformedMediaError'
  name = 'MalformedMediaError'
}

/** A file is too large, too deep or too wide for what was announced or allowed */
export class MediaLimitError extends Error {
  static name = 'MediaLimitError'
  name = 'MediaLimitError'
}

/** There is no room for the file, and nothing that could be dropped for it */
export class MediaQuotaError extends Error {
  static name = 'MediaQuotaError'
  name = 'MediaQuotaError'
}

/** A holder did not answer for the files that it was asked to keep */
export class PinRefusedError extends Error {
  static name = 'PinRefusedError'
  name = 'PinRefusedError'
}

/** A picture is damaged or is not what its first bytes say */
export class MalformedImageError extends Error {
  static name = 'MalformedImageError'
  name = 'MalformedImageError'
}

/** A picture is of a kind that cannot be freed of what it tells besides the picture */
export class UnsupportedImageError extends Error {
  static name = 'UnsupportedImageError'
  name = 'UnsupportedImageError'
}
