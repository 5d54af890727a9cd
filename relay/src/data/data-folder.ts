/**
 * What a relay keeps over restarts: its key, its secret path, the certificate that webrtc-direct addresses name. Each is made once.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { SECRET_PATH_BYTES, WEBRTC_CERTIFICATE_DAYS } from '../constants.ts'
import { DataFolderError } from '../errors.ts'
import { certhash, selfSigned } from './certificate.ts'
import type { KeyAndCertificate } from './certificate.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'

export interface DataFolder {
  privateKey: Ed25519PrivateKey
  /** Path of the WebSocket upgrade, without the leading slash */
  secretPath: string
  certificate: KeyAndCertificate & { certhash: string }
}

function damaged (file: string, cause?: unknown): DataFolderError {
  return new DataFolderError(`${file} is damaged: put back a copy of it, or remove it to have a new one made (links to this relay then change)`, { cause })
}

/** Written beside and renamed, so that a crash leaves the old file or the new one */
async function writeSecret (file: string, content: Uint8Array): Promise<void> {
  const beside = `${file}.new`
  await rm(beside, { force: true })
  const handle = await open(beside, 'wx', 0o600)

  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }

  await rename(beside, file)
}

async function readOrMake <T> (file: string, parse: (content: Buffer) => T, make: () => Promise<Uint8Array>): Promise<T> {
  let content = await readFile(file).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') {
      return undefined
    }

    throw new DataFolderError(`${file} cannot be read (${err.code ?? err.message}): make it belong to the user that runs this`, { cause: err })
  })

  if (content == null) {
    content = Buffer.from(await make())
    await writeSecret(file, content)
  }

  try {
    return parse(content)
  } catch (err) {
    throw damaged(file, err)
  }
}

function parseKey (content: Buffer): Ed25519PrivateKey {
  const key = privateKeyFromProtobuf(content)

  if (key.type !== 'Ed25519') {
    throw new TypeError('Not an Ed25519 key')
  }

  return key
}

function parsePath (content: Buffer): string {
  const path = content.toString('utf8').trim()

  if (!/^[\w-]{16,64}$/.test(path)) {
    throw new TypeError('Not a path')
  }

  return path
}

function parseCertificate (content: Buffer): DataFolder['certificate'] {
  const value: Partial<KeyAndCertificate> = JSON.parse(content.toString('utf8'))

  if (typeof value.privateKey !== 'string' || typeof value.pem !== 'string') {
    throw new TypeError('Not a key and a certificate')
  }

  return { privateKey: value.privateKey, pem: value.pem, certhash: certhash(value.pem) }
}

/**
 * Opens a data folder, which is made if it is missing.
 *
 * @throws {DataFolderError} if it cannot be used
 */
export async function openDataFolder (folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)

    return {
      privateKey: await readOrMake(join(folder, 'key'), parseKey, async () => privateKeyToProtobuf(await generateKeyPair('Ed25519'))),
      secretPath: await readOrMake(join(folder, 'path'), parsePath, async () => Buffer.from(`${randomBytes(SECRET_PATH_BYTES).toString('base64url')}\n`)),
      certificate: await readOrMake(join(folder, 'certificate.json'), parseCertificate, async () =>
        Buffer.from(JSON.stringify(await selfSigned({ days: WEBRTC_CERTIFICATE_DAYS }))))
    }
  } catch (err) {
    if (err instanceof DataFolderError) {
      throw err
    }

    const { code, message } = err as NodeJS.ErrnoException
    throw new DataFolderError(`The data folder ${folder} cannot be used (${code ?? message}): choose another with --data, or make it writable`, { cause: err })
  }
}
