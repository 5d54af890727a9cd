/** From what somebody asks for to what is done, before anything is opened. Pure. */
import { isWildcard, parseOrigin, urlHost } from './address.ts'
import {
  DEFAULT_CIRCUIT_MEGABYTES, DEFAULT_CIRCUIT_MINUTES, DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS_PER_IP, DEFAULT_MAX_RESERVATIONS, DEFAULT_PORT, DEFAULT_TLS_PORT
} from './constants.ts'
import { InvalidOptionError } from './errors.ts'
import type { Security } from './http/origin.ts'
import type { RelayInit, RelayPolicies } from './index.ts'
import type { ServiceMap } from '@libp2p/interface'

const DEFAULT_TRUSTED_PROXIES = ['127.0.0.0/8', '::1']

export interface Settings {
  security: Security
  host: string
  port: number
  udpHost: string
  trustedProxies: string[]
  publicUrl?: URL
  policies: RelayPolicies
}

const DEFAULT_POLICIES: RelayPolicies = {
  maxReservations: DEFAULT_MAX_RESERVATIONS,
  maxConnections: DEFAULT_MAX_CONNECTIONS,
  maxConnectionsPerIp: DEFAULT_MAX_CONNECTIONS_PER_IP,
  circuitMinutes: DEFAULT_CIRCUIT_MINUTES,
  circuitMegabytes: DEFAULT_CIRCUIT_MEGABYTES
}

/** What is asked for, and the default of whatever is not */
function policiesOf (asked: Partial<RelayPolicies> = {}): RelayPolicies {
  const given = Object.entries(asked).filter(([, value]) => value != null)

  return { ...DEFAULT_POLICIES, ...Object.fromEntries(given) }
}

/** @throws {InvalidOptionError} if two ways are asked for at once, or one only by half */
function securityOf <T extends ServiceMap> (init: RelayInit<T>): Security {
  const behindProxy = init.behindProxy === true

  if (init.tls != null && behindProxy) {
    throw new InvalidOptionError('A certificate and a reverse proxy exclude each other: leave out --cert and --key, or --behind-proxy')
  }

  if (behindProxy && init.publicUrl == null) {
    throw new InvalidOptionError('Behind a reverse proxy, say which address people open: --public-url https://example.org')
  }

  if (init.tls != null) {
    return 'tls'
  }

  return behindProxy ? 'proxy' : 'plain'
}

/**
 * @param init - what is asked for
 * @param everywhere - the address that means all addresses of this machine: `::` takes IPv4 too, but not every machine has IPv6
 * @throws {InvalidOptionError} if options contradict each other
 */
export function settingsOf <T extends ServiceMap> (init: RelayInit<T>, everywhere: '::' | '0.0.0.0' = '::'): Settings {
  const security = securityOf(init)
  const host = init.host ?? (security === 'tls' ? everywhere : '127.0.0.1')

  return {
    security,
    host,
    port: init.port ?? (security === 'tls' ? DEFAULT_TLS_PORT : DEFAULT_PORT),
    udpHost: init.udpHost ?? (security === 'proxy' ? everywhere : host),
    trustedProxies: security === 'proxy' ? init.trustedProxies ?? DEFAULT_TRUSTED_PROXIES : [],
    publicUrl: init.publicUrl == null ? undefined : parseOrigin(init.publicUrl),
    policies: policiesOf(init.policies)
  }
}

export interface OriginInit {
  settings: Settings
  /** The TCP port one has */
  port: number
  /** Names of the certificate */
  names: readonly string[]
  /** Addresses of this machine's interfaces, the best first */
  interfaces: readonly string[]
}

/** What people open: as asked for, else the certificate's first name, else the address listened on */
export function originOf ({ settings, port, names, interfaces }: OriginInit): URL {
  if (settings.publicUrl != null) {
    return settings.publicUrl
  }

  const own = isWildcard(settings.host) ? interfaces[0] ?? '127.0.0.1' : settings.host

  return settings.security === 'tls'
    ? new URL(`https://${urlHost(names[0] ?? own)}:${port}`)
    : new URL(`http://${urlHost(own)}:${port}`)
}
