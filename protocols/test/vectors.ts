/**
 * The content of specs/vectors/NAME.json: from the disk on Node, from the server of the specs in a browser.
 */
export async function readVectors<T> (name: string): Promise<T> {
  if (globalThis.process?.versions?.node == null) {
    return (await fetch(`/vectors/${name}.json`)).json() as Promise<T>
  }

  const { readFileSync } = process.getBuiltinModule('node:fs')

  return JSON.parse(readFileSync(new URL(`../specs/vectors/${name}.json`, import.meta.url), 'utf8')) as T
}
