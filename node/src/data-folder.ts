import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** What the process and the folder of its data are called: nothing that says what they are for */
export const HARMLESS_NAME = 'arbor'

export interface DataFolder {
  path: string
  /** Everything, sealed */
  records: string
  /** What opens it while there is no passphrase */
  keys: string
  /** Where earlier versions kept the same: not sealed, or sealed without the blocks; `rest`: what a move from the one to the other left */
  old: { store: string, rest: string, blocks: string, damage: string }
  /** Socket of the running node */
  socket: string
}

/** Where data is kept when nobody says otherwise: by the customs of the system */
export function defaultDataPath (env: NodeJS.ProcessEnv = process.env): string {
  switch (process.platform) {
    case 'win32': return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), HARMLESS_NAME)
    case 'darwin': return join(homedir(), 'Library', 'Application Support', HARMLESS_NAME)
    default: return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), HARMLESS_NAME)
  }
}

/** Makes the folder, for its owner only */
export async function openDataFolder (path: string): Promise<DataFolder> {
  const full = resolve(path)

  await mkdir(full, { recursive: true, mode: 0o700 })

  return locateDataFolder(full)
}

export function locateDataFolder (path: string): DataFolder {
  const full = resolve(path)
  const socket = process.platform === 'win32'
    ? `\\\\.\\pipe\\${HARMLESS_NAME}-${createHash('sha256').update(full).digest('hex').slice(0, 16)}`
    : join(full, 'control')

  return {
    path: full,
    records: join(full, 'records'),
    keys: join(full, 'keys'),
    old: { store: join(full, 'store'), rest: join(full, 'plain'), blocks: join(full, 'blocks'), damage: join(full, 'damage') },
    socket
  }
}
