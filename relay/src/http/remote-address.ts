import { BlockList, isIP, isIPv4 } from 'node:net'
import { InvalidOptionError } from '../errors.ts'
import type { IncomingMessage } from 'node:http'

/** Tells whether an address is that of a reverse proxy whose word counts */
export type TrustedProxies = (address: string) => boolean

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** `::ffff:192.0.2.1` and `192.0.2.1` are one address: the first is what a dual-stack socket reports */
export function plainAddress (address: string): string {
  return MAPPED.exec(address)?.[1] ?? address
}

/**
 * @param ranges - addresses, or networks as `10.0.0.0/8`
 * @throws {InvalidOptionError} if one is neither
 */
export function trustedProxies (ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()

  for (const range of ranges) {
    const [address, prefix] = range.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    const allBits = family === 'ipv4' ? 32 : 128
    const bits = Number(prefix ?? allBits)

    if (isIP(address) === 0 || prefix === '' || !Number.isInteger(bits) || bits < 0 || bits > allBits) {
      throw new InvalidOptionError(`"${range}" is neither an address nor a network: write it like 127.0.0.1 or 10.0.0.0/8`)
    }

    list.addSubnet(address, bits, family)
  }

  return address => {
    const plain = plainAddress(address)

    return isIP(plain) !== 0 && list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
  }
}

/**
 * Who is really there: the last address of `X-Forwarded-For` that no trusted proxy has, and the socket's own unless that is a trusted proxy.
 * Whatever stands left of it was written by somebody who is not trusted.
 */
export function remoteAddress (socketAddress: string, forwardedFor: string | undefined, trusts: TrustedProxies): string {
  let found = plainAddress(socketAddress)

  if (!trusts(found)) {
    return found
  }

  for (const part of (forwardedFor ?? '').split(',').reverse()) {
    const address = plainAddress(part.trim())

    if (isIP(address) === 0) {
      break
    }

    found = address

    if (!trusts(address)) {
      break
    }
  }

  return found
}

/** A header that may come several times, as one list */
export function headerText (request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]

  return Array.isArray(value) ? value.join(',') : value
}

/** What counts as one source: an IPv4 address, or the /64 that one IPv6 subscriber has */
export function sourceOf (address: string): string {
  const plain = plainAddress(address)

  if (isIPv4(plain) || isIP(plain) === 0) {
    return plain
  }

  const [head, tail] = plain.split('%')[0].split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail == null || tail === '' ? [] : tail.split(':')
  const zeros = tail == null ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...new Array<string>(zeros).fill('0'), ...right]

  return groups.slice(0, 4).map(group => Number.parseInt(group, 16).toString(16)).join(':')
}
