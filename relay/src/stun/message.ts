/** STUN binding requests and their answers (RFC 8489, formerly 5389), as a pure function: nothing is remembered of anybody. */
import { isIPv4, isIPv6 } from 'node:net'
import { MAX_STUN_BYTES } from '../constants.ts'
import { plainAddress } from '../http/remote-address.ts'

const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112A442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const BINDING_ERROR = 0x0111
const XOR_MAPPED_ADDRESS = 0x0020
const ERROR_CODE = 0x0009
const UNKNOWN_ATTRIBUTES = 0x000A
/** Attributes below this number must be understood, or the request is refused */
const FIRST_OPTIONAL_ATTRIBUTE = 0x8000
/** What ICE puts into its checks, and the credentials that RFC 8489 lets a server without any ignore */
const KNOWN_ATTRIBUTES = new Set([0x0006, 0x0008, 0x0014, 0x0015, 0x001C, 0x001D, 0x001E, 0x0024, 0x0025])
const MAX_REPORTED_ATTRIBUTES = 8

function addressBytes (address: string): Buffer {
  if (isIPv4(address)) {
    return Buffer.from(address.split('.').map(Number))
  }

  const [head, tail] = address.split('%')[0].split('::')
  const groups = (text: string | undefined): string[] => text == null || text === '' ? [] : text.split(':')
  const left = groups(head)
  const right = groups(tail)
  const all = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right]
  const bytes = Buffer.alloc(16)
  all.forEach((group, index) => bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2))

  return bytes
}

function message (type: number, request: Uint8Array, attribute: Buffer): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + attribute.length)
  out.writeUInt16BE(type, 0)
  out.writeUInt16BE(attribute.length, 2)
  out.set(request.subarray(4, HEADER_BYTES), 4)
  out.set(attribute, HEADER_BYTES)

  return out
}

function attribute (type: number, value: Buffer): Buffer {
  const out = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4)
  out.writeUInt16BE(type, 0)
  out.writeUInt16BE(value.length, 2)
  out.set(value, 4)

  return out
}

function mappedAddress (request: Buffer, address: string, port: number): Buffer {
  const bytes = addressBytes(address)
  const mask = request.subarray(4, HEADER_BYTES)
  const value = Buffer.alloc(4 + bytes.length)
  value[1] = bytes.length === 4 ? 1 : 2
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2)
  bytes.forEach((byte, index) => { value[4 + index] = byte ^ mask[index] })

  return attribute(XOR_MAPPED_ADDRESS, value)
}

/** Types of attributes that had to be understood and are not; undefined if the attributes are malformed */
function unknownAttributes (request: Buffer): number[] | undefined {
  const unknown: number[] = []
  let at = HEADER_BYTES

  while (at < request.length) {
    if (at + 4 > request.length) {
      return undefined
    }

    const type = request.readUInt16BE(at)
    at += 4 + Math.ceil(request.readUInt16BE(at + 2) / 4) * 4

    if (type < FIRST_OPTIONAL_ATTRIBUTE && !KNOWN_ATTRIBUTES.has(type)) {
      unknown.push(type)
    }
  }

  return at === request.length ? unknown : undefined
}

/**
 * The answer to a datagram, or undefined if it is no well-formed binding request. It is never more than 28 bytes longer than the request.
 * The source is where the datagram came from: that is what the answer tells.
 */
export function answerStun (datagram: Uint8Array, source: { address: string, port: number }): Uint8Array | undefined {
  const request = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength)
  const address = plainAddress(source.address)

  if (request.length < HEADER_BYTES || request.length > MAX_STUN_BYTES || request.length % 4 !== 0 ||
    request.readUInt16BE(0) !== BINDING_REQUEST || request.readUInt16BE(2) !== request.length - HEADER_BYTES ||
    request.readUInt32BE(4) !== MAGIC_COOKIE || !(isIPv4(address) || isIPv6(address))) {
    return undefined
  }

  const unknown = unknownAttributes(request)

  if (unknown == null) {
    return undefined
  }

  if (unknown.length === 0) {
    return message(BINDING_SUCCESS, request, mappedAddress(request, address, source.port))
  }

  const reported = unknown.slice(0, MAX_REPORTED_ATTRIBUTES)
  const types = Buffer.alloc(reported.length * 2)
  reported.forEach((type, index) => types.writeUInt16BE(type, index * 2))

  return message(BINDING_ERROR, request, Buffer.concat([
    attribute(ERROR_CODE, Buffer.from([0, 0, 4, 20])),
    attribute(UNKNOWN_ATTRIBUTES, types)
  ]))
}
