import { once } from 'node:events'
import { startHome } from '../home.ts'
import { unlock } from './locks.ts'
import { printStatus } from './status.ts'
import { sentence } from './text.ts'

export interface RunHomeOptions {
  data: string
  json: boolean
}

/** Runs until the process is asked to stop */
export async function runHome (options: RunHomeOptions): Promise<void> {
  const home = await startHome({ data: options.data })
  const say = (json: object, text: string): void => { process.stdout.write(`${options.json ? JSON.stringify(json) : text}\n`) }

  if (home.locked && process.stdin.isTTY && !options.json) {
    await unlock(home.calls, { stdin: false }).catch(err => { process.stderr.write(`${sentence(err)}\n`) })
  }

  if (home.locked) {
    say({ event: 'locked', data: home.data }, 'Locked. Unlock it with "pergola unlock".')
  } else {
    const status = await home.calls.status()

    say({ event: 'ready', ...status }, `${printStatus(status)}\nRunning. Stop it with Ctrl+C.`)
  }

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await home.stop()
  // the WebRTC library may keep a thread alive after it was stopped
  process.exit(0)
}
