import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { projectEnvironment, projectNode, root } from './project-node.js'

const web = join(root, 'web')
const built = join(web, 'dist/client/index.html')
const stamp = join(web, 'dist/.stamp')
const NOT_INPUT = new Set(['dist', 'node_modules', 'test', 'screenshots'])

/**
 * @param {string} folder
 * @param {(name: string) => boolean} wanted
 * @returns {string[]} files below the folder, sorted
 */
function filesBelow (folder, wanted) {
  if (!existsSync(folder)) {
    return []
  }

  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap(entry => {
      if (entry.isDirectory()) {
        return folder === web && NOT_INPUT.has(entry.name) ? [] : filesBelow(join(folder, entry.name), wanted)
      }

      return wanted(entry.name) ? [join(folder, entry.name)] : []
    })
}

/** @returns {string} a hash of everything that the built client depends on: of contents, because a checkout makes every time stamp new */
function fingerprint () {
  const hash = createHash('sha256')
  const inputs = [
    ...filesBelow(web, name => !name.startsWith('.')),
    ...filesBelow(join(root, 'protocols/dist/src'), name => name.endsWith('.js')),
    join(root, 'package-lock.json')
  ]

  for (const file of inputs) {
    const content = readFileSync(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }

  return hash.digest('hex')
}

/**
 * Bundles the web client when something it is made of changed since the last time.
 *
 * @param {(line: string) => void} print
 * @returns {Promise<boolean>} false when there were errors; they have been printed
 */
export async function buildWeb (print) {
  if (!['vite.config.ts', 'vite.config.js'].some(name => existsSync(join(web, name)))) {
    return true
  }

  const wanted = fingerprint()

  if (existsSync(built) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    return true
  }

  rmSync(stamp, { force: true })
  const start = Date.now()
  const child = spawn(projectNode(), [join(root, 'node_modules/vite/bin/vite.js'), 'build'], {
    cwd: web,
    env: projectEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  child.stdout.on('data', chunk => { output += chunk })
  child.stderr.on('data', chunk => { output += chunk })
  const code = await new Promise(resolve => { child.once('close', resolve) })

  if (code !== 0) {
    print(output.trimEnd())
    print('web: could not be built')
    return false
  }

  mkdirSync(join(web, 'dist'), { recursive: true })
  writeFileSync(stamp, wanted)
  print(`web: bundled in ${((Date.now() - start) / 1000).toFixed(1)} s`)
  return true
}
