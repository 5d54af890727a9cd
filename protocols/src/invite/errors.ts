/** Why a link cannot be opened: one class for each sentence a person is told. */

/** Nothing was given, or a link without its part after # */
export class EmptyLinkError extends Error {
  static name = 'EmptyLinkError'
  name = 'EmptyLinkError'
}

/** The end of the link is missing */
export class LinkCutShortError extends Error {
  static name = 'LinkCutShortError'
  name = 'LinkCutShortError'
}

/** The link is of a version that is not understood here yet */
export class LinkTooNewError extends Error {
  static name = 'LinkTooNewError'
  name = 'LinkTooNewError'
}

/** It is something else */
export class NotALinkError extends Error {
  static name = 'NotALinkError'
  name = 'NotALinkError'
}

/** The link is whole and wrong: mistyped, or made by somebody who broke the rules */
export class LinkDamagedError extends Error {
  static name = 'LinkDamagedError'
  name = 'LinkDamagedError'
}
