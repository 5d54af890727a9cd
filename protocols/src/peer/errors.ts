/** This device has an identity already */
export class AlreadyJoinedError extends Error {
  static name = 'AlreadyJoinedError'
  name = 'AlreadyJoinedError'
}

/** There is no identity on this device yet */
export class NotJoinedError extends Error {
  static name = 'NotJoinedError'
  name = 'NotJoinedError'
}

/** What was named is not on this wall, or is not one's own */
export class NoSuchPostError extends Error {
  static name = 'NoSuchPostError'
  name = 'NoSuchPostError'
}

/** The root key is not on this device, so its record of devices cannot be changed here */
export class NoRootError extends Error {
  static name = 'NoRootError'
  name = 'NoRootError'
}

/** Others reach this device through a relay, and none is known */
export class NoRelayError extends Error {
  static name = 'NoRelayError'
  name = 'NoRelayError'
}

/** The other device is not connected right now */
export class DeviceAwayError extends Error {
  static name = 'DeviceAwayError'
  name = 'DeviceAwayError'
}

/** The peer was stopped: make a new one over the same store */
export class PeerStoppedError extends Error {
  static name = 'PeerStoppedError'
  name = 'PeerStoppedError'
}

/** Another device of the same identity has closed this one, or the one that was to be added */
export class DeviceClosedError extends Error {
  static name = 'DeviceClosedError'
  name = 'DeviceClosedError'
}

/** The device that was named is not one of one's own, or is the one that this was asked on */
export class NoSuchDeviceError extends Error {
  static name = 'NoSuchDeviceError'
  name = 'NoSuchDeviceError'
}

/** No more can be kept until this device may write again */
export class TooManyWaitingError extends Error {
  static name = 'TooManyWaitingError'
  name = 'TooManyWaitingError'
}

/** A wall is not kept coming here, or no longer */
export class NotWatchedError extends Error {
  static name = 'NotWatchedError'
  name = 'NotWatchedError'
}

/** Nobody who has the wall of an identity can be reached, so it cannot be recovered now */
export class WallAwayError extends Error {
  static name = 'WallAwayError'
  name = 'WallAwayError'
}
