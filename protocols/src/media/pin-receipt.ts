/** A pin receipt: whoever signed it holds, durably, every block of a file. Rules: specs/media.md. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readUint } from '../codec/index.ts'
import { InvalidSignatureError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { SIGNATURE_BYTES, verify } from '../identity/index.ts'
import { MAX_TIME } from '../limits.ts'
import type { Signer } from '../identity/index.ts'
import type { CID } from 'multiformats/cid'

const PIN_RECEIPT_DOMAIN = 'pergola/pin-receipt/1'
const MAX_PIN_RECEIPT_BYTES = 512

export interface PinReceipt {
  root: CID
  /** Bytes of all blocks, each counted once */
  size: number
  /** Milliseconds since the epoch */
  time: number
  /** Raw Ed25519 key of the holder: a relay's peer key, or the device key of a home node */
  by: Uint8Array
}

export async function signPinReceipt (signer: Signer, { root, size, time }: Omit<PinReceipt, 'by'>): Promise<Uint8Array> {
  const body = encode([root, size, time, signer.publicKey])

  return encode([body, await signer.sign(withDomain(PIN_RECEIPT_DOMAIN, body))])
}

/** @throws {MalformedError | LimitExceededError | InvalidSignatureError} */
export async function decodePinReceipt (bytes: Uint8Array): Promise<PinReceipt> {
  const [body, signature] = readArray(decodeCanonical(bytes, { maxBytes: MAX_PIN_RECEIPT_BYTES }), 'A signed pin receipt', 2)
  const bodyBytes = readBytes(body, 'receipt')
  const [root, size, time, by] = readArray(decodeCanonical(bodyBytes, { maxBytes: MAX_PIN_RECEIPT_BYTES }), 'A pin receipt', 4)
  const key = readBytes(by, 'by', 32)

  if (!await verify(key, withDomain(PIN_RECEIPT_DOMAIN, bodyBytes), readBytes(signature, 'signature', SIGNATURE_BYTES))) {
    throw new InvalidSignatureError('The pin receipt is not signed by the one it names')
  }

  return { root: readCid(root, 'root'), size: readUint(size, 'size'), time: readUint(time, 'time', MAX_TIME), by: key }
}
