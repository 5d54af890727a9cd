/** Addresses of relays. Rules: specs/relay-info.md [RI4] to [RI6]. */
import { multiaddr } from '@multiformats/multiaddr'
import { sameBytes } from '../codec/index.ts'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_ADDR_CHARACTERS } from './constants.ts'
import type { Component, Multiaddr } from '@multiformats/multiaddr'

/** What an address may begin with. Not `dnsaddr`: browsers resolve it by asking third parties */
const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6', 'onion3'])
const REST = new Set(['tcp', 'udp', 'tls', 'sni', 'ws', 'wss', 'quic-v1', 'webtransport', 'webrtc-direct', 'certhash'])
const NAMED = new Set(['dns', 'dns4', 'dns6', 'sni'])

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i

/** Whether text is a DNS name in its ASCII form */
export function isDnsName (text: string): boolean {
  return DNS_NAME.test(text)
}

function isAllowed ({ name, value }: Component, index: number): boolean {
  return (index === 0 ? HOSTS : REST).has(name) && (!NAMED.has(name) || isDnsName(value ?? ''))
}

function check (parsed: Multiaddr): Multiaddr {
  const text = parsed.toString()
  const components = parsed.getComponents()

  if (text.length > MAX_ADDR_CHARACTERS) {
    throw new LimitExceededError(`An address of a relay is longer than ${MAX_ADDR_CHARACTERS} characters`)
  }

  if (components.length < 2 || !components.every(isAllowed) || !sameBytes(multiaddr(text).bytes, parsed.bytes)) {
    throw new MalformedError('An address of a relay must be a host with port and transport, without /p2p and without a path')
  }

  return parsed
}

function parse (input: string | Uint8Array): Multiaddr {
  try {
    return multiaddr(input)
  } catch (err) {
    throw new MalformedError('An address of a relay is not a multiaddr', { cause: err })
  }
}

/** @throws {MalformedError | LimitExceededError} if it is not an address that relay-info can carry */
export function addrToBytes (text: string): Uint8Array {
  if (text.length > MAX_ADDR_CHARACTERS) {
    throw new LimitExceededError(`An address of a relay is longer than ${MAX_ADDR_CHARACTERS} characters`)
  }

  return check(parse(text)).bytes
}

/** The text of an address, or undefined if this version does not understand it */
export function addrFromBytes (bytes: Uint8Array): string | undefined {
  try {
    return check(parse(bytes)).toString()
  } catch (err) {
    if (err instanceof LimitExceededError) {
      throw err
    }

    return undefined
  }
}
