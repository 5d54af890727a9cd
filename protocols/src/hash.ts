import { sha256 as digest } from '@noble/hashes/sha2.js'
import { concat } from 'uint8arrays/concat'

const encoder = new TextEncoder()

/** SHA-256, synchronous everywhere: an asynchronous digest costs more than the hash of a few hundred bytes */
export function sha256 (bytes: Uint8Array): Uint8Array {
  return digest(bytes)
}

/** `domain ‖ 0x00 ‖ parts…`: what every signature, MAC and derived id covers, so that none can be taken for another */
export function withDomain (domain: string, ...parts: Uint8Array[]): Uint8Array {
  return concat([encoder.encode(domain), Uint8Array.of(0), ...parts])
}
