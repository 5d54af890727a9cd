import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestFolder {
  path: string
  /** A path in it */
  at (...names: string[]): string
  remove (): Promise<void>
}

export async function testFolder (): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'relay-test-'))

  return {
    path,
    at: (...names) => join(path, ...names),
    remove: async () => rm(path, { recursive: true, force: true })
  }
}

export const PAGE = '<!doctype html><title>Notes</title><script type="module" src="/assets/Ab3dEf9h.js"></script>\n'
export const SCRIPT = 'console.log("a wall of text")\n'.repeat(200)

/** What a built web client looks like from outside */
export async function writeClient (folder: string): Promise<string> {
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), PAGE)
  await writeFile(join(folder, 'sw.js'), 'self.skipWaiting()\n')
  await writeFile(join(folder, 'manifest.webmanifest'), '{"name":"Notes"}')
  await writeFile(join(folder, '.hidden'), 'nothing to see')
  await writeFile(join(folder, 'assets', 'Ab3dEf9h.js'), SCRIPT)

  return folder
}
