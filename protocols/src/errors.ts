/** Errors that belong to no single protocol. A message is for a person and says what to do. */

/** An id is not of the right length or form */
export class MalformedIdError extends Error {
  static name = 'MalformedIdError'
  name = 'MalformedIdError'
}

/** Bytes from outside are not what the protocol says they must be */
export class MalformedError extends Error {
  static name = 'MalformedError'
  name = 'MalformedError'
}

/** Bytes from outside, or something a person made, go over a documented limit */
export class LimitExceededError extends Error {
  static name = 'LimitExceededError'
  name = 'LimitExceededError'
}

/** A signature, proof or message authentication code does not verify */
export class InvalidSignatureError extends Error {
  static name = 'InvalidSignatureError'
  name = 'InvalidSignatureError'
}

/** Bytes are of a later version of their format: nobody's fault, ignore them */
export class UnknownVersionError extends Error {
  static name = 'UnknownVersionError'
  name = 'UnknownVersionError'
}

/** Something was asked of an object that was stopped, closed or not started yet */
export class NotStartedError extends Error {
  static name = 'NotStartedError'
  name = 'NotStartedError'
}

/** Whether whoever sent bytes is to blame for an error in dealing with them: not for a later version, nor for a store here that fails */
export function isSendersFault (error: unknown): boolean {
  return [MalformedIdError, MalformedError, LimitExceededError, InvalidSignatureError].some(fault => error instanceof fault)
}
