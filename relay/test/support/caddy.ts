/** Debian's caddy with the example configuration, as somebody without privileges runs it: high ports, everything it keeps in one folder. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestFolder } from './folders.ts'

/** The room of the relay, from the sources and from what was built */
const ROOM = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url)
const EXAMPLE = fileURLToPath(new URL('examples/Caddyfile', ROOM))

export interface Caddy {
  /** The authority that signed its certificate, PEM */
  authority: string
  stop (): Promise<void>
}

export async function startCaddy (folder: TestFolder, port: number, upstream: string): Promise<Caddy> {
  await writeFile(folder.at('Caddyfile'), `{
    admin off
    auto_https disable_redirects
    skip_install_trust
    storage file_system ${folder.at('caddy')}
    default_bind 127.0.0.1
  }
  import ${EXAMPLE}
  `)

  const child = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', folder.at('Caddyfile')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: folder.path, XDG_DATA_HOME: folder.path, SITE: `https://localhost:${port}`, UPSTREAM: upstream }
  })
  const exited = once(child, 'exit')
  const lines: string[] = []

  // a second start finds its certificate where the first has put it
  const hasCertificate = await stat(folder.at('caddy', 'certificates')).then(() => true, () => false)
  const awaited = ['serving initial configuration', ...(hasCertificate ? [] : ['certificate obtained successfully'])]

  await Promise.race([
    exited.then(() => { throw new Error(`caddy ended: ${lines.join('\n')}`) }),
    new Promise<void>(resolve => {
      createInterface({ input: child.stderr }).on('line', line => {
        lines.push(line)

        if (awaited.every(text => lines.some(line => line.includes(text)))) {
          resolve()
        }
      })
    })
  ])

  return {
    authority: await readFile(folder.at('caddy', 'pki', 'authorities', 'local', 'root.crt'), 'utf8'),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    }
  }
}
