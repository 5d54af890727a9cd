/**
 * Which addresses of other relays are dialled. Whoever follows a wall says where it is to come from; a relay that dialled whatever it is told
 * would let strangers knock at the doors of its own network.
 */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4 } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'

/** How far away an address may be: a relay that is on the internet dials the internet only */
export type Scope = 'public' | 'private' | 'loopback'

/** The IP addresses that a name has */
export type Lookup = (name: string) => Promise<string[]>

export interface DialableInit {
  scope: Scope
  /** @default the system's */
  lookup?: Lookup
}

function blockList (ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList()

  for (const [ranges, family] of [[ipv4, 'ipv4'], [ipv6, 'ipv6']] as const) {
    for (const range of ranges) {
      const [address, bits] = range.split('/')

      list.addSubnet(address, Number(bits), family)
    }
  }

  return list
}

const LOOPBACK = blockList(['127.0.0.0/8'], ['::1/128'])
const PRIVATE = blockList(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'], ['fc00::/7'])
/** Unspecified, link-local with the metadata services of clouds, documentation, tests, multicast, reserved (RFC 6890) */
const NEVER = blockList(
  ['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // and what wraps an IPv4 address in one of IPv6
  ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']
)
/** All of IPv6 that is given out for the internet */
const GLOBAL_IPV6 = blockList([], ['2000::/3'])

const HOSTS = ['ip4', 'ip6', 'dns', 'dns4', 'dns6']
const SHAPES = ['tcp/ws', 'tcp/wss', 'tcp/tls/ws']

/** @returns undefined for what nobody shall be dialled at */
export function scopeOfIp (ip: string): Scope | undefined {
  const family = isIPv4(ip) ? 'ipv4' : 'ipv6'

  if (isIP(ip) === 0 || NEVER.check(ip, family)) {
    return undefined
  }

  if (LOOPBACK.check(ip, family)) {
    return 'loopback'
  }

  if (PRIVATE.check(ip, family)) {
    return 'private'
  }

  return family === 'ipv4' || GLOBAL_IPV6.check(ip, family) ? 'public' : undefined
}

const REACH: Record<Scope, readonly Scope[]> = {
  public: ['public'],
  private: ['public', 'private'],
  loopback: ['public', 'private', 'loopback']
}

interface Target {
  host: string
  isName: boolean
  secure: boolean
}

/** @returns undefined if it is anything but a WebSocket at an IP address or a name */
function targetOf (address: string): Target | undefined {
  try {
    const [host, ...rest] = multiaddr(address).getComponents()
    const shape = rest.map(({ name }) => name).join('/')

    return HOSTS.includes(host.name) && host.value != null && SHAPES.includes(shape)
      ? { host: host.value, isName: host.name.startsWith('dns'), secure: shape !== 'tcp/ws' }
      : undefined
  } catch {
    return undefined
  }
}

/** How far a relay may dial that announces these addresses: as far away as it can be reached from itself */
export function scopeOf (announced: readonly string[]): Scope {
  const scopes = announced.map(address => {
    try {
      const [host] = multiaddr(address).getComponents()

      return host.value === 'localhost' ? 'loopback' : scopeOfIp(host.value ?? '') ?? 'public'
    } catch {
      return 'public'
    }
  })

  return (['public', 'private', 'loopback'] as const).find(scope => scopes.includes(scope)) ?? 'public'
}

const systemLookup: Lookup = async name => (await lookup(name, { all: true })).map(({ address }) => address)

/**
 * Whether a multiaddr may be dialled. A name is judged by all the addresses it has now; it may have others a moment later, so from the
 * internet a name is dialled with TLS only: what has no certificate for that name hears nothing but the beginning of a handshake.
 */
export async function isDialable (address: string, { scope, lookup = systemLookup }: DialableInit): Promise<boolean> {
  const target = targetOf(address)

  if (target == null || (target.isName && !target.secure && scope === 'public')) {
    return false
  }

  try {
    const ips = target.isName ? await lookup(target.host) : [target.host]
    const scopes = ips.map(scopeOfIp)

    return scopes.length > 0 && scopes.every(found => found != null && REACH[scope].includes(found))
  } catch {
    return false
  }
}
