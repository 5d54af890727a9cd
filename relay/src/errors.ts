/** What can keep a relay from starting. Each message is one sentence that says what to do. */

/** The port is taken, or may not be opened */
export class PortUnavailableError extends Error {
  static name = 'PortUnavailableError'
  name = 'PortUnavailableError'
}

/** A certificate or key file is unreadable, is none, or the two do not belong together */
export class CertificateError extends Error {
  static name = 'CertificateError'
  name = 'CertificateError'
}

/** The data folder cannot be made, read or written, or a file in it is damaged */
export class DataFolderError extends Error {
  static name = 'DataFolderError'
  name = 'DataFolderError'
}

/** An option or a line of the configuration file is not understood, or options contradict each other */
export class InvalidOptionError extends Error {
  static name = 'InvalidOptionError'
  name = 'InvalidOptionError'
}

/** The folder of the web client is missing, or too large to be it */
export class ClientFolderError extends Error {
  static name = 'ClientFolderError'
  name = 'ClientFolderError'
}
