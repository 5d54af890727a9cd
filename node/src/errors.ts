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
