import { spawnSync } from 'node:child_process'

/** What a lab runs inside of a sandbox, and what to install when it is missing */
const TOOLS: Record<string, string> = { unshare: 'util-linux', ip: 'iproute2', tcpdump: 'tcpdump' }

/** The message says what is missing */
export class NoSandboxError extends Error {
  override name = 'NoSandboxError'
}

/**
 * A command that runs the one that follows it in network, mount and process namespaces of its own: it is root there, no packet leaves
 * it, and whatever it started or set up goes when it is killed with SIGKILL.
 *
 * @throws {NoSandboxError} if this machine does not permit that
 */
export function sandbox (): string[] {
  const missing = Object.keys(TOOLS).filter(tool => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0)

  if (missing.length > 0) {
    throw new NoSandboxError(`This test needs a network of its own and there is no ${missing.join(', ')} here: please install ${missing.map(tool => TOOLS[tool]).join(', ')}`)
  }

  const command = [
    'unshare', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
    '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private',
    'sh', '-c', 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && exec "$@"', 'sh'
  ]
  const tried = spawnSync(command[0], [...command.slice(1), 'true'], { encoding: 'utf8' })

  if (tried.status !== 0) {
    throw new NoSandboxError(`This test needs network namespaces: run it as root, or where users may make them (${(tried.stderr ?? '').trim()})`)
  }

  return command
}
