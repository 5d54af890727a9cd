/** The other side does not want us, or is not who we want; it does not say why */
export class HelloRefusedError extends Error {
  static name = 'HelloRefusedError'
  name = 'HelloRefusedError'
}

/** The handshake broke off, or what came was no handshake */
export class HelloFailedError extends Error {
  static name = 'HelloFailedError'
  name = 'HelloFailedError'
}

/** The handshake took too long */
export class HelloTimeoutError extends Error {
  static name = 'HelloTimeoutError'
  name = 'HelloTimeoutError'
}
