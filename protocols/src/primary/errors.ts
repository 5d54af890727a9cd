/** A peer that is none of one's own devices wants to speak as one */
export class NotOwnDeviceError extends Error {
  static name = 'NotOwnDeviceError'
  name = 'NotOwnDeviceError'
}

/** One's own device sends more beats than it may, or faster than they are read */
export class TooManyBeatsError extends Error {
  static name = 'TooManyBeatsError'
  name = 'TooManyBeatsError'
}
