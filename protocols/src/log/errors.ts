/** What goes wrong with chains. */
export { UnknownVersionError } from '../errors.ts'

/** One's own chain has split: this device may not write in this space until its identity closes it and lists a new one */
export class ForkedChainError extends Error {
  static name = 'ForkedChainError'
  name = 'ForkedChainError'
}

/** The identity's newest record does not let this device write here */
export class NotAWriterError extends Error {
  static name = 'NotAWriterError'
  name = 'NotAWriterError'
}
