import { isIPv4 } from 'node:net'
import { headerText } from './remote-address.ts'
import type { TrustedProxies } from './remote-address.ts'
import type { IncomingMessage } from 'node:http'

/** Who ends TLS: this program, a reverse proxy, or nobody */
export type Security = 'tls' | 'proxy' | 'plain'

/** Whether browsers take a host for this very machine: `localhost`, `*.localhost`, 127.0.0.0/8, `[::1]` */
export function isLoopbackHost (hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '')

  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
}

function hostName (host: string | undefined): string | undefined {
  try {
    return host == null ? undefined : new URL(`http://${host.trim()}`).hostname
  } catch {
    return undefined
  }
}

/** `https` if the browser's own connection is encrypted, as far as anybody trustworthy says so */
export function requestScheme (request: IncomingMessage, security: Security, trusts: TrustedProxies): 'http' | 'https' {
  if (security === 'tls') {
    return 'https'
  }

  if (security === 'plain' || !trusts(request.socket.remoteAddress ?? '')) {
    return 'http'
  }

  return headerText(request, 'x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase() === 'https' ? 'https' : 'http'
}

/**
 * Whether the page that asks is a secure context, which the web client needs (WebCrypto, service worker). It is decided by the address in
 * the browser's own address bar, as browsers do it: https, or a host that means the same machine. Not by the address one listens on: a
 * forwarded port makes `http://localhost` of a far machine, and a foreign name that points to 127.0.0.1 is not secure.
 */
export function isSecureContext (request: IncomingMessage, security: Security, trusts: TrustedProxies): boolean {
  if (requestScheme(request, security, trusts) === 'https') {
    return true
  }

  const forwarded = security === 'proxy' && trusts(request.socket.remoteAddress ?? '')
    ? headerText(request, 'x-forwarded-host')?.split(',').at(-1)
    : undefined
  const name = hostName(forwarded ?? request.headers.host)

  return name != null && isLoopbackHost(name)
}
