/** From origins and addresses to what others dial. Pure. */
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { InvalidOptionError } from './errors.ts'

/** `[::1]` as in URLs → `::1` */
function bareHost (hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

/** `::1` → `[::1]`, as URLs want it */
export function urlHost (host: string): string {
  return isIPv6(host) ? `[${host}]` : host
}

/** By what `isIP` says */
const HOST_PROTOCOLS: Record<number, string> = { 0: 'dns', 4: 'ip4', 6: 'ip6' }

function hostComponent (host: string): string {
  return `/${HOST_PROTOCOLS[isIP(host)]}/${host}`
}

/**
 * An origin that people open in a browser.
 *
 * @throws {InvalidOptionError} if it is not `http://host`, `https://host`, or either with a port
 */
export function parseOrigin (text: string): URL {
  const url = URL.parse(text)

  if (url == null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new InvalidOptionError(`"${text}" is not an address to announce: write it like https://example.org or https://example.org:8443`)
  }

  return url
}

/** The multiaddr of the WebSocket behind an origin */
export function webSocketAddress (origin: URL): string {
  const secure = origin.protocol === 'https:'
  const defaultPort = secure ? '443' : '80'

  return `${hostComponent(bareHost(origin.hostname))}/tcp/${origin.port === '' ? defaultPort : origin.port}${secure ? '/tls' : ''}/ws`
}

export interface OtherListenersInit {
  /** Address to listen on */
  host: string
  /** Addresses that others reach */
  ips: readonly string[]
  /** 0 is off */
  webrtcPort: number
  /** 0 is off */
  tcpPort: number
  certhash: string
}

/** Multiaddrs besides the WebSocket's: what libp2p listens on, and what is announced of it */
export function otherListeners ({ host, ips, webrtcPort, tcpPort, certhash }: OtherListenersInit): { listen: string[], announce: string[] } {
  const listen: string[] = []
  const announce: string[] = []

  if (webrtcPort !== 0) {
    // its `::` takes IPv4 too; told to listen on both, it would take IPv4 alone
    listen.push(`${hostComponent(host)}/udp/${webrtcPort}/webrtc-direct`)
    announce.push(...ips.map(ip => webRTCDirectAddress(ip, webrtcPort, certhash)))
  }

  if (tcpPort !== 0) {
    // libp2p's `::` is IPv6 alone
    listen.push(...(host === '::' ? ['0.0.0.0', '::'] : [host]).map(host => `${hostComponent(host)}/tcp/${tcpPort}`))
    announce.push(...ips.map(ip => `${hostComponent(ip)}/tcp/${tcpPort}`))
  }

  return { listen, announce }
}

/** The multiaddr of a webrtc-direct listener. Browsers dial it only by an IP address */
export function webRTCDirectAddress (ip: string, port: number, certhash: string): string {
  return `${hostComponent(ip)}/udp/${port}/webrtc-direct/certhash/${certhash}`
}

/** `host:port` of STUN, on the host that people open */
export function stunAddress (origin: URL, port: number): string {
  return `${origin.hostname}:${port}`
}

export function isWildcard (host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

const PRIVATE = [/^10\./, /^127\./, /^169\.254\./, /^172\.(1[6-9]|2\d|3[01])\./, /^192\.168\./, /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./, /^0\./]

/** Whether an address means the same on the whole internet */
export function isPublicAddress (address: string): boolean {
  return isIPv4(address) ? !PRIVATE.some(pattern => pattern.test(address)) : isIPv6(address) && /^[23]/.test(address)
}

export interface AnnouncedIpsInit {
  /** What the operator named */
  named: readonly string[]
  /** Where UDP is listened on */
  host: string
  /** What people open */
  origin: URL
  /** Addresses of this machine's interfaces */
  interfaces: readonly string[]
}

/** The IP addresses under which UDP reaches this machine: as named, else the one listened on, else the origin's, else the public ones it has */
export function announcedIps ({ named, host, origin, interfaces }: AnnouncedIpsInit): string[] {
  if (named.length > 0) {
    return [...named]
  }

  if (!isWildcard(host)) {
    return isIP(host) === 0 ? [] : [host]
  }

  const opened = bareHost(origin.hostname)

  return isIP(opened) !== 0 ? [opened] : interfaces.filter(isPublicAddress).slice(0, 2)
}
