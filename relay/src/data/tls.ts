import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CertificateError } from '../errors.ts'

export interface TlsFiles {
  /** PEM file with the certificate and whatever leads to its authority */
  cert: string
  /** PEM file with its private key */
  key: string
}

export interface TlsPair {
  cert: Buffer
  key: Buffer
  /** DNS names and addresses the certificate is for, in its order; no wildcards */
  names: string[]
}

async function read (file: string, what: string): Promise<Buffer> {
  return readFile(file).catch((err: NodeJS.ErrnoException) => {
    throw new CertificateError(`The ${what} ${file} cannot be read (${err.code ?? err.message}): check the path and who may read it`, { cause: err })
  })
}

function parse <T> (file: string, what: string, parser: () => T): T {
  try {
    return parser()
  } catch (err) {
    throw new CertificateError(`${file} is no ${what} in PEM form`, { cause: err })
  }
}

function subjectNames (certificate: X509Certificate): string[] {
  return (certificate.subjectAltName ?? '')
    .split(', ')
    .map(entry => /^(?:DNS|IP Address):([^"*]+)$/.exec(entry)?.[1])
    .filter(name => name != null)
}

/**
 * @throws {CertificateError} if a file is unreadable or not PEM, or the key is that of another certificate
 */
export async function readTlsPair (files: TlsFiles): Promise<TlsPair> {
  const cert = await read(files.cert, 'certificate')
  const key = await read(files.key, 'private key')
  const certificate = parse(files.cert, 'certificate', () => new X509Certificate(cert))
  const privateKey = parse(files.key, 'private key without a passphrase', () => createPrivateKey(key))

  if (!certificate.checkPrivateKey(privateKey)) {
    throw new CertificateError(`The key ${files.key} does not belong to the certificate ${files.cert}: give the two files of one certificate`)
  }

  return { cert, key, names: subjectNames(certificate) }
}
