/** The entry was sealed under another epoch than the one at hand */
export class WrongEpochError extends Error {
  static name = 'WrongEpochError'
  name = 'WrongEpochError'
}
