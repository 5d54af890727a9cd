import { readFile } from 'node:fs/promises'

/** Somewhere that a browser turned to: a URL, a name it looked up, an address it sent something to */
export interface Destination {
  kind: 'url' | 'name' | 'tcp' | 'udp'
  target: string
}

interface LogConstants {
  logEventTypes: Record<string, number>
}

interface LogEvent {
  type: number
  source: { id: number }
  params?: { url?: string, host?: string, address?: string }
}

/**
 * Where Chromium is told to turn on its own account (sign-in state, updates), so that this can be told from what pages do. It refuses
 * to connect to this port.
 */
export const OWN_ERRANDS = 'http://127.0.0.1:9'

const KINDS: Record<string, Destination['kind']> = {
  URL_REQUEST_START_JOB: 'url',
  HOST_RESOLVER_MANAGER_REQUEST: 'name',
  TCP_CONNECT_ATTEMPT: 'tcp',
  UDP_BYTES_SENT: 'udp'
}

/**
 * Every destination in a log that Chromium wrote with `--log-net-log`: pages, workers, service workers, DNS, WebSockets and ICE alike,
 * because all of them use the one network service. Each is named once. The log has one event per line; of a browser that was killed
 * the last line may be cut.
 */
export async function readNetLog (file: string): Promise<Destination[]> {
  const [first, ...lines] = (await readFile(file, 'utf8')).split('\n')
  const { logEventTypes }: LogConstants = JSON.parse(first.replace(/^\{"constants":/, '').replace(/,$/, ''))
  const kinds = new Map(Object.entries(KINDS).map(([name, kind]) => [logEventTypes[name], kind]))
  // connecting a UDP socket sends nothing: Chromium does it to learn which networks there are
  const connected = new Map<number, string>()
  const found = new Map<string, Destination>()

  for (const line of lines) {
    const event = parseEvent(line)

    if (event == null) {
      continue
    }

    const { url, host, address } = event.params ?? {}

    if (event.type === logEventTypes.UDP_CONNECT && address != null) {
      connected.set(event.source.id, address)
      continue
    }

    const kind = kinds.get(event.type)
    const target = url ?? host ?? address ?? connected.get(event.source.id)

    if (kind != null && target != null && !target.startsWith(OWN_ERRANDS)) {
      found.set(`${kind} ${target}`, { kind, target })
    }
  }

  return [...found.values()]
}

function parseEvent (line: string): LogEvent | undefined {
  if (!line.includes('"type":')) {
    return undefined
  }

  try {
    return JSON.parse(line.replace(/(,|\]\}|\],)\s*$/, ''))
  } catch {
    return undefined
  }
}
