import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, Option } from 'commander'
import { HARMLESS_NAME, MAX_CONFIG_BYTES } from '../constants.ts'
import { InvalidOptionError } from '../errors.ts'
import { OPTIONS } from './options.ts'
import { checkValues, parseConfig } from './values.ts'
import type { RelayInit } from '../index.ts'
import type { Values } from './options.ts'
import type { WallCacheInit, WallServices } from '../walls/index.ts'

export interface CommandLine {
  init: RelayInit<WallServices>
  walls: WallCacheInit
  json: boolean
  verbose: boolean
}

const EXAMPLES = `
Settings can also stand in a file: --config relay.json, with the names above, like {"port": 8443}. Flags win.

Examples:
  pergola-relay                                     try it on this machine: http://localhost:4040
  pergola-relay --cert chain.pem --key key.pem      on a server, with its own certificate
  pergola-relay --behind-proxy --public-url https://example.org
                                                    on a server, behind Caddy or nginx`

function defaultDataFolder (): string {
  const base = process.env.XDG_DATA_HOME

  return join(base == null || base === '' ? join(homedir(), '.local', 'share') : base, HARMLESS_NAME)
}

/** Where the client is when this program runs from its repository */
async function defaultClientFolder (): Promise<string | undefined> {
  const folder = fileURLToPath(new URL('../../../../web/dist/client', import.meta.url))
  const found = await stat(join(folder, 'index.html')).catch(() => undefined)

  return found == null ? undefined : folder
}

async function readConfig (file: string): Promise<Values> {
  const info = await stat(file).catch((err: NodeJS.ErrnoException) => {
    throw new InvalidOptionError(`The configuration file ${file} cannot be read (${err.code ?? err.message})`, { cause: err })
  })

  if (info.size > MAX_CONFIG_BYTES) {
    throw new InvalidOptionError(`The configuration file ${file} is too large to be one`)
  }

  return parseConfig(await readFile(file, 'utf8'), file)
}

function parseFlags (argv: readonly string[]): Record<string, unknown> {
  const command = new Command('pergola-relay')
    .description('Lets people who cannot reach each other directly meet, and serves them the web client.')
    .argument('[nothing...]')
    .helpOption('-h, --help', 'show this')
    .addOption(new Option('--config <file>', 'read settings from a JSON file'))
    .addHelpText('after', EXAMPLES)
    .action((words: string[]) => {
      if (words.length > 0) {
        throw new InvalidOptionError(`"${words[0]}" is not understood: settings begin with --, see --help`)
      }
    })

  for (const option of OPTIONS) {
    command.addOption(new Option(option.value == null ? `--${option.name}` : `--${option.name} <${option.value}>`, option.help))
  }

  command.parse(argv, { from: 'user' })

  return Object.fromEntries(command.options.flatMap(option => {
    const value: unknown = command.getOptionValue(option.attributeName())

    return value === undefined ? [] : [[option.name(), value]]
  }))
}

type Kinds = { text: string, list: string[], number: number, switch: boolean }

/** Values were checked against the table: a name has the kind that stands there */
function reader (values: Values): <K extends keyof Kinds> (kind: K, name: string) => Kinds[K] | undefined {
  return (_kind, name) => values[name] as Kinds[typeof _kind] | undefined
}

/**
 * Reads flags and the configuration file they name. `--help` and mistakes that commander finds end the process, as people expect of a program.
 *
 * @throws {InvalidOptionError}
 */
export async function readCommandLine (argv: readonly string[]): Promise<CommandLine> {
  const { config, ...flags } = parseFlags(argv)
  const values = {
    ...(typeof config === 'string' ? await readConfig(config) : {}),
    ...checkValues(flags, name => `--${name}`)
  }
  const get = reader(values)
  const cert = get('text', 'cert')
  const key = get('text', 'key')

  if ((cert == null) !== (key == null)) {
    throw new InvalidOptionError('A certificate needs its key and a key its certificate: give both --cert and --key')
  }

  const clientDir = get('text', 'client') ?? await defaultClientFolder()

  const cache = get('text', 'cache')
  const cacheMegabytes = get('number', 'cache-megabytes')
  const dataDir = get('text', 'data') ?? defaultDataFolder()

  if (cache != null && cache !== 'disk' && cache !== 'none') {
    throw new InvalidOptionError('--cache must be disk or none')
  }

  return {
    json: get('switch', 'json') === true,
    verbose: get('switch', 'verbose') === true,
    walls: {
      dataDir,
      ...(cache == null ? {} : { cache }),
      ...(cacheMegabytes == null ? {} : { maxMediaBytes: cacheMegabytes * 1_000_000 })
    },
    init: {
      dataDir,
      clientDir,
      host: get('text', 'host'),
      port: get('number', 'port'),
      tls: cert == null || key == null ? undefined : { cert, key },
      behindProxy: get('switch', 'behind-proxy'),
      trustedProxies: get('list', 'trusted-proxy'),
      publicUrl: get('text', 'public-url'),
      udpHost: get('text', 'udp-host'),
      announceIps: get('list', 'announce-ip'),
      stunPort: get('number', 'stun-port'),
      webrtcPort: get('number', 'webrtc-port'),
      tcpPort: get('number', 'tcp-port'),
      name: get('text', 'name'),
      policies: {
        maxReservations: get('number', 'max-reservations'),
        maxConnections: get('number', 'max-connections'),
        maxConnectionsPerIp: get('number', 'max-connections-per-ip'),
        circuitMinutes: get('number', 'circuit-minutes'),
        circuitMegabytes: get('number', 'circuit-megabytes')
      }
    }
  }
}
