import { once } from 'node:events'
import { join } from 'node:path'
import { createRelay, openWallCache } from '@pergola/relay'
import { clientDir } from '@pergola/web/client-dir'
import { Option } from 'commander'
import openInBrowser from 'open'
import { createProgram as createHomeProgram, dataOption, jsonOption } from '../cli/program.ts'
import { HARMLESS_NAME } from '../data-folder.ts'
import { startHome } from '../home.ts'
import type { Command } from 'commander'

const DEFAULT_PORT = 4040

interface Options {
  data: string
  port: string
  open: boolean
  json?: true
}

interface RunningBundle {
  url: string
  data: string
  stop (): Promise<void>
}

/** A relay on loopback with the web client, and a home node that is its first client */
async function startBundle ({ data, port }: Pick<Options, 'data' | 'port'>): Promise<RunningBundle> {
  const dataDir = join(data, 'garden')
  const walls = await openWallCache({ dataDir })
  const relay = await createRelay({
    dataDir, clientDir, host: '127.0.0.1', port: Number(port), services: walls.services, extensions: [walls.extension]
  })

  await relay.start()

  const home = await startHome({ data, relays: [relay.info] })

  // a home that belongs to nobody gives itself to the browser that is opened with this address
  const claim = !home.locked && home.peer.account.me() == null ? `/#home=${await home.peer.offerClaim()}` : ''

  return {
    url: `${relay.origin}${claim}`,
    data: home.data,
    async stop () {
      await home.stop()
      await relay.stop()
      await walls.close()
    }
  }
}

async function run (options: Options): Promise<void> {
  process.title = HARMLESS_NAME

  const bundle = await startBundle(options)

  process.stdout.write(options.json === true
    ? `${JSON.stringify({ event: 'ready', url: bundle.url, data: bundle.data })}\n`
    : `\n  Open in a browser:  ${bundle.url}\n  Your data is in:    ${bundle.data}\n\n  Ctrl+C stops it.\n\n`)

  if (options.open) {
    // a machine without a browser is no failure: the address was printed
    await openInBrowser(bundle.url).then(child => { child.on('error', () => {}) }, () => {})
  }

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await bundle.stop()
  // the WebRTC library may keep a thread alive after it was stopped
  process.exit(0)
}

/** The commands of the home node; without a command everything is started */
export function createProgram (): Command {
  return createHomeProgram()
    .addOption(dataOption())
    .addOption(jsonOption())
    .addOption(new Option('--port <number>', 'where the web client is, on this machine').default(String(DEFAULT_PORT)))
    .addOption(new Option('--no-open', 'do not open the browser'))
    .action(async (options: Options) => run(options))
}
