/** The other side sent more than it was allowed to, or nothing but what is refused: the stream is closed */
export class SyncFloodError extends Error {
  static name = 'SyncFloodError'
  name = 'SyncFloodError'
}

/** There is no connection to the peer, or it went away */
export class NotConnectedError extends Error {
  static name = 'NotConnectedError'
  name = 'NotConnectedError'
}

/** This peer may not have this space, or we may not have it from there */
export class NotAdmittedError extends Error {
  static name = 'NotAdmittedError'
  name = 'NotAdmittedError'
}
