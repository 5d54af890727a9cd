/** Direct connections to this peer are not allowed: it is neither a friend's device nor holds an invite */
export class DirectNotAllowedError extends Error {
  static name = 'DirectNotAllowedError'
  name = 'DirectNotAllowedError'
}

/** A WebRTC connection was set up but nothing answers at its other end */
export class UnresponsiveConnectionError extends Error {
  static name = 'UnresponsiveConnectionError'
  name = 'UnresponsiveConnectionError'
}
