import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { projectEnvironment, projectNode, root } from './project-node.js'

const BUILDING = /Building project '([^']+)'/

/**
 * Compiles what changed of the rooms that are plain TypeScript, in the order of their project references.
 *
 * @param {string[]} rooms
 * @param {(line: string) => void} print
 * @returns {Promise<boolean>} false when there were errors; they have been printed
 */
export async function buildTypeScript (rooms, print) {
  const projects = rooms.map(room => join(root, room)).filter(folder => existsSync(join(folder, 'src')))
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '--build', '--verbose', '--stopBuildOnErrors', '--pretty', 'false', ...projects]
  const child = spawn(projectNode(), args, { cwd: root, env: projectEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] })
  /** @type {Map<string, number>} */
  const started = new Map()
  const errors = []
  let rest = ''

  child.stdout.setEncoding('utf8')

  for await (const chunk of child.stdout) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''

    for (const line of lines) {
      const project = BUILDING.exec(line)?.[1]

      if (project != null) {
        started.set(basename(dirname(project)), Date.now())
      } else if (line.includes('error TS') || (line.startsWith('  ') && errors.length > 0)) {
        errors.push(line)
      }
    }
  }

  const code = child.exitCode ?? await new Promise(resolve => { child.once('exit', resolve) })
  const ended = Date.now()
  const order = [...started]

  order.forEach(([room, from], index) => {
    print(`${room}: compiled in ${(((order[index + 1]?.[1] ?? ended) - from) / 1000).toFixed(1)} s`)
  })

  errors.forEach(print)

  if (code !== 0 && errors.length === 0) {
    print(`the TypeScript compiler ended with ${code ?? 'a signal'}`)
  }

  return code === 0
}
