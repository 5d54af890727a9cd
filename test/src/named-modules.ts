import { readdirSync, existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** There is no such story or benchmark; the message lists those that there are */
export class UnknownNameError extends Error {
  override name = 'UnknownNameError'
}

/** The names of the modules in a folder: each file there is one story or benchmark */
export function listModules (folder: string): string[] {
  if (!existsSync(folder)) {
    return []
  }

  return readdirSync(folder)
    .filter(file => /\.[jt]s$/.test(file) && !file.endsWith('.d.ts'))
    .map(file => file.slice(0, -extname(file).length))
    .sort()
}

/** Loads a module of a folder by its name */
export async function loadModule (folder: string, name: string): Promise<Record<string, unknown>> {
  if (!listModules(folder).includes(name)) {
    throw new UnknownNameError(`There is no ${name === '' ? 'name given' : `"${name}"`}; there are: ${listModules(folder).join(', ')}`)
  }

  const file = ['.js', '.ts'].map(extension => join(folder, `${name}${extension}`)).find(existsSync) ?? ''

  return import(pathToFileURL(file).href)
}
