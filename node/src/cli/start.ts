import { once } from 'node:events'
import { startHome } from '../home.ts'
import { printStatus } from './status.ts'

export interface RunHomeOptions {
  data: string
  json: boolean
}

/** Runs until the process is asked to stop */
export async function runHome ({ data, json }: RunHomeOptions): Promise<void> {
  const home = await startHome({ data })
  const status = await home.calls.status()

  process.stdout.write(json ? `${JSON.stringify({ event: 'ready', ...status })}\n` : `${printStatus(status)}\nRunning. Stop it with Ctrl+C.\n`)

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await home.stop()
  // the WebRTC library may keep a thread alive after it was stopped
  process.exit(0)
}
