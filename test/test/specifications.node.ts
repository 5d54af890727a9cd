import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { root } from '../src/repository.ts'

const RULE = /\[([A-Z]{2,3}\d+[a-z]?)\]/g
const TITLE = /(?:it|describe)\(\s*['"`]((?:\[[A-Z]{2,3}\d+[a-z]?\][ ,]*)+)/g

async function filesBelow (folder: string, ending: RegExp): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })

  return entries.filter(entry => entry.isFile() && ending.test(entry.name)).map(entry => join(entry.parentPath, entry.name))
}

async function rulesIn (files: string[], where: RegExp = /([^]*)/g): Promise<Set<string>> {
  const texts = await Promise.all(files.map(async file => readFile(file, 'utf8')))

  return new Set(texts.flatMap(text => [...text.matchAll(where)]).flatMap(match => [...match[1].matchAll(RULE)].map(rule => rule[1])))
}

describe('specifications', () => {
  it('are all in the index, and the index leads nowhere else', async () => {
    const pages = (await readdir(join(root, 'protocols/specs'))).filter(name => name.endsWith('.md') && name !== 'README.md')
    const index = await readFile(join(root, 'protocols/specs/README.md'), 'utf8')
    const linked = [...index.matchAll(/\]\(([a-z-]+\.md)\)/g)].map(match => match[1])

    expect(linked.sort()).to.deep.equal(pages.sort())
  })

  it('have every rule that the title of a test names', async () => {
    const written = await rulesIn((await filesBelow('protocols/specs', /\.md$/)).filter(file => !file.endsWith('README.md')))
    const proven = await rulesIn([...await filesBelow('protocols/test', /\.ts$/), ...await filesBelow('test/test', /\.ts$/)], TITLE)

    expect(proven.size).to.be.greaterThan(0)
    expect([...proven].filter(rule => !written.has(rule)).sort()).to.deep.equal([])
  })
})
