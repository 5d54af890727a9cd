import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestFolder {
  path: string
  at (name: string): string
  remove (): Promise<void>
}

/** A folder of its own for one test; a socket's path must be short */
export async function testFolder (): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'home-'))

  return {
    path,
    at: name => join(path, name),
    remove: async () => rm(path, { recursive: true, force: true })
  }
}
