#!/usr/bin/env node
import { pino } from 'pino'
import { readCommandLine } from './cli/command-line.ts'
import { greeting, readyLine } from './cli/greeting.ts'
import { HARMLESS_NAME, STOP_TIMEOUT_MS } from './constants.ts'
import { openDataFolder } from './data/data-folder.ts'
import { CertificateError, ClientFolderError, createRelay, DataFolderError, InvalidOptionError, openWallCache, PortUnavailableError } from './index.ts'
import type { Relay, WallServices } from './index.ts'

/** Causes that a person can do something about: the message says what, a stack would only hide it */
const EXPLAINED = [CertificateError, ClientFolderError, DataFolderError, InvalidOptionError, PortUnavailableError]

function fail (err: unknown): never {
  const explained = EXPLAINED.some(kind => err instanceof kind)
  process.stderr.write(explained ? `error: ${(err as Error).message}\n` : `error: this should not happen, please report it: ${(err as Error).stack ?? String(err)}\n`)
  process.exit(1)
}

async function run (): Promise<void> {
  const { init, walls: wallsInit, json, verbose } = await readCommandLine(process.argv.slice(2))
  const log = pino({ level: verbose ? 'debug' : 'info', base: null }, pino.destination(2))

  // its errors say more than those of the stores inside it
  await openDataFolder(init.dataDir)

  const walls = await openWallCache(wallsInit)
  const relay: Relay<WallServices> = await createRelay({ ...init, services: walls.services, extensions: [walls.extension] })

  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      return
    }

    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(0), STOP_TIMEOUT_MS).unref()
    relay.stop().then(walls.close).then(() => {
      // the native WebRTC library may keep the process alive
      process.exit(0)
    }, fail)
  }

  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', () => {
    relay.reloadTls().then(() => {
      log.info('certificate read again')
    }, (err: Error) => {
      log.error(`the old certificate stays in use: ${err.message}`)
    })
  })

  await relay.start()
  process.stdout.write(json ? `${readyLine(relay)}\n` : await greeting(relay, init.dataDir, init.clientDir != null))
  log.info({ port: relay.address.port }, 'ready')

  // connections close while the relay stops, when it has no libp2p to ask any more
  const { libp2p } = relay

  for (const event of ['connection:open', 'connection:close'] as const) {
    libp2p.addEventListener(event, () => {
      log.debug({ connections: libp2p.getConnections().length }, event)
    })
  }
}

process.title = HARMLESS_NAME
run().catch(fail)
