import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

async function filesIn (folder: string): Promise<Buffer[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })

  return Promise.all(entries.filter(entry => entry.isFile()).map(async ({ parentPath, name }) => readFile(join(parentPath, name))))
}

/** How a program may have written it */
function formsOf (canary: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map(shift => Buffer.concat([Buffer.alloc(shift), canary]).toString('base64').slice(shift === 0 ? 0 : 4, -4))

  return [
    canary,
    Buffer.from(canary.toString('utf8'), 'utf16le'),
    ...[canary.toString('hex'), ...base64].flatMap(text => [Buffer.from(text), Buffer.from(text.toUpperCase()), Buffer.from(text, 'utf16le')])
  ]
}

/** Those that are in the files of a folder: raw, as hex, base64 or UTF-16 */
export async function foundIn (folder: string, canaries: Array<string | Uint8Array>): Promise<string[]> {
  const files = await filesIn(folder)

  return canaries.map(canary => Buffer.from(canary as string))
    .filter(canary => formsOf(canary).some(form => files.some(file => file.includes(form))))
    .map(canary => canary.toString('utf8'))
}
