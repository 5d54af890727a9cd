/** Every setting of the program, once: flags, configuration file and help are made of this table. */
import {
  DEFAULT_CIRCUIT_MEGABYTES, DEFAULT_CIRCUIT_MINUTES, DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS_PER_IP, DEFAULT_MAX_RESERVATIONS
} from '../constants.ts'

export interface Option {
  name: string
  kind: 'text' | 'list' | 'number' | 'switch'
  /** What stands for the value in the help */
  value?: string
  help: string
  min?: number
  max?: number
}

const PORT = { kind: 'number', value: 'number', min: 0, max: 65_535 } as const
const COUNT = { kind: 'number', value: 'number', min: 1, max: 1_000_000 } as const

export const OPTIONS: readonly Option[] = [
  { name: 'data', kind: 'text', value: 'folder', help: 'where keys are kept (default: ~/.local/share/garden)' },
  { name: 'client', kind: 'text', value: 'folder', help: 'the built web client (default: the one that came along)' },
  { name: 'host', kind: 'text', value: 'address', help: 'address to listen on (default: 127.0.0.1; with a certificate, all)' },
  { ...PORT, name: 'port', help: 'TCP port (default: 4040; with a certificate, 443)' },
  { name: 'cert', kind: 'text', value: 'file', help: 'certificate with its chain, PEM; read again on SIGHUP' },
  { name: 'key', kind: 'text', value: 'file', help: 'private key of the certificate, PEM' },
  { name: 'behind-proxy', kind: 'switch', help: 'a reverse proxy on this machine has the certificate' },
  { name: 'trusted-proxy', kind: 'list', value: 'address...', help: 'addresses or networks of that proxy (default: 127.0.0.0/8 ::1)' },
  { name: 'public-url', kind: 'text', value: 'url', help: 'what people open, like https://example.org' },
  { name: 'udp-host', kind: 'text', value: 'address', help: 'address for UDP (default: as --host; behind a proxy, all)' },
  { name: 'announce-ip', kind: 'list', value: 'address...', help: 'public IP addresses of this machine (default: found out)' },
  { ...PORT, name: 'stun-port', help: 'UDP port of STUN, 0 for none (default: as --port)' },
  { ...PORT, name: 'webrtc-port', help: 'UDP port of webrtc-direct, 0 for none (default: --port + 1)' },
  { ...PORT, name: 'tcp-port', help: 'port for programs without WebSocket, 0 for none (default: 0)' },
  { name: 'name', kind: 'text', value: 'text', help: 'what you call it; people you invite see it' },
  { ...COUNT, name: 'max-reservations', help: `clients that can be reached through it (default: ${DEFAULT_MAX_RESERVATIONS})` },
  { ...COUNT, name: 'max-connections', help: `connections in all (default: ${DEFAULT_MAX_CONNECTIONS})`, max: 5_000 },
  { ...COUNT, name: 'max-connections-per-ip', help: `connections from one address (default: ${DEFAULT_MAX_CONNECTIONS_PER_IP})` },
  { ...COUNT, name: 'circuit-minutes', help: `how long a relayed connection lasts (default: ${DEFAULT_CIRCUIT_MINUTES})`, max: 35_000 },
  { ...COUNT, name: 'circuit-megabytes', help: `how much a relayed connection carries (default: ${DEFAULT_CIRCUIT_MEGABYTES})` },
  { name: 'cache', kind: 'text', value: 'disk|none', help: 'none: keep no walls, only pass on what other devices of their owners hold (default: disk)' },
  { ...COUNT, name: 'cache-megabytes', help: 'space for pictures of walls (default: 10000)', max: 100_000_000 },
  { name: 'json', kind: 'switch', help: 'print one line of JSON instead of text and QR code' },
  { name: 'verbose', kind: 'switch', help: 'log more; addresses of people are never logged' }
]

/** Values by option name */
export type Values = Record<string, string | string[] | number | boolean>
