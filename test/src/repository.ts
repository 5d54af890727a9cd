import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function findRoot (folder: string): string {
  if (existsSync(join(folder, 'package-lock.json'))) {
    return folder
  }

  const parent = dirname(folder)

  if (parent === folder) {
    throw new Error('These programs run from a checkout of the repository')
  }

  return findRoot(parent)
}

/** The folder with the root package.json, from wherever this file runs */
export const root = findRoot(import.meta.dirname)
