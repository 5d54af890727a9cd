/** The link was used, has expired, or belongs to somebody else */
export class PairingRefusedError extends Error {
  static name = 'PairingRefusedError'
  name = 'PairingRefusedError'
}

/** The other side could not prove that it knows the secret of the link */
export class PairingForgedError extends Error {
  static name = 'PairingForgedError'
  name = 'PairingForgedError'
}

/** The person at the listing device said that the codes differ */
export class PairingDeclinedError extends Error {
  static name = 'PairingDeclinedError'
  name = 'PairingDeclinedError'
}
