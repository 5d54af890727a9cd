/**
 * The web client, held in memory: a request can only ever name a file that was found at the start, so no path reaches the disk.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { MAX_CLIENT_BYTES, MAX_CLIENT_FILES } from '../constants.ts'
import { ClientFolderError } from '../errors.ts'

export type Encoding = 'br' | 'gzip' | 'identity'

export interface ClientFile {
  type: string
  etag: string
  cacheControl: string
  /** Whether it is worth compressing */
  compressible: boolean
  /** The bytes in an encoding; each is made once */
  body (encoding: Encoding): Promise<Buffer>
}

/** By URL path, `/index.html` also as `/` */
export type ClientFiles = ReadonlyMap<string, ClientFile>

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp'
}
const COMPRESSED = new Set(['.jpg', '.png', '.webp'])
/** What the bundler puts there has a hash of its content in its name */
const HASHED = /^\/assets\/(?:.+-)?[\w-]{8,}\.\w+$/

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

function clientFile (path: string, bytes: Buffer): ClientFile {
  const extension = extname(path).toLowerCase()
  const made = new Map<Encoding, Promise<Buffer>>([['identity', Promise.resolve(bytes)]])
  const make = async (encoding: Encoding): Promise<Buffer> => encoding === 'gzip'
    ? compressGzip(bytes, { level: 9 })
    : compressBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })

  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    cacheControl: HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    compressible: !COMPRESSED.has(extension) && bytes.length > 512,
    body: async encoding => {
      const body = made.get(encoding) ?? make(encoding)
      made.set(encoding, body)

      return body
    }
  }
}

/**
 * Reads a built web client.
 *
 * @throws {ClientFolderError} if there is no `index.html`, or far more than a web client
 */
export async function loadClientFiles (folder: string): Promise<ClientFiles> {
  const files = new Map<string, ClientFile>()
  let total = 0

  const names = await readdir(folder, { recursive: true }).catch((err: Error) => {
    throw new ClientFolderError(`The folder of the web client cannot be read: build the client or point --client to it (${err.message})`, { cause: err })
  })

  for (const name of names) {
    const parts = name.split(/[/\\]/)
    const file = join(folder, name)
    const info = await stat(file)

    if (!info.isFile() || parts.some(part => part.startsWith('.'))) {
      continue
    }

    total += info.size

    if (files.size >= MAX_CLIENT_FILES || total > MAX_CLIENT_BYTES) {
      throw new ClientFolderError(`${folder} holds too much to be the web client: point --client to the folder with its index.html`)
    }

    const path = `/${parts.join('/')}`
    files.set(path, clientFile(path, await readFile(file)))
  }

  const index = files.get('/index.html')

  if (index == null) {
    throw new ClientFolderError(`There is no index.html in ${folder}: build the client or point --client to it`)
  }

  return files.set('/', index)
}

/** The best encoding that a browser takes */
export function chooseEncoding (acceptEncoding: string | undefined): Encoding {
  const accepted = new Set((acceptEncoding ?? '')
    .split(',')
    .map(part => part.trim().toLowerCase().split(/\s*;\s*/))
    .filter(([, quality]) => quality == null || Number(quality.replace(/^q=/, '')) > 0)
    .map(([name]) => name))

  const best: Encoding[] = ['br', 'gzip']

  return best.find(encoding => accepted.has(encoding)) ?? 'identity'
}
