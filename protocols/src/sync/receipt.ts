/** A receipt: whoever signed it holds, durably, every entry of a chain up to `seq`. Cumulative. Rules: specs/sync.md. */
import { decodeCanonical, encode, readArray, readBytes, readCid, readUint } from '../codec/index.ts'
import { InvalidSignatureError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { SIGNATURE_BYTES, verify } from '../identity/index.ts'
import { deviceId, entryCid, entryIdFromCid, idBytes, identityId, spaceId } from '../ids.ts'
import { MAX_SEQ, MAX_TIME } from '../limits.ts'
import type { Signer } from '../identity/index.ts'
import type { EntryId } from '../ids.ts'
import type { ChainKey } from '../log/entry.ts'

const RECEIPT_DOMAIN = 'pergola/receipt/1'
const MAX_RECEIPT_BYTES = 512

export interface Receipt {
  chain: ChainKey
  seq: number
  head: EntryId
  time: number
  /** Raw Ed25519 key of the holder: a relay's peer key, or the device key of a home node */
  by: Uint8Array
}

export type ReceiptSigner = Signer

export async function signReceipt (signer: ReceiptSigner, receipt: Omit<Receipt, 'by'>): Promise<Uint8Array> {
  const { chain, seq, head, time } = receipt
  const body = encode([idBytes(chain.space), idBytes(chain.identity), idBytes(chain.device), seq, entryCid(head), time, signer.publicKey])

  return encode([body, await signer.sign(withDomain(RECEIPT_DOMAIN, body))])
}

/** @throws {MalformedError | LimitExceededError | MalformedIdError | InvalidSignatureError} */
export async function decodeReceipt (bytes: Uint8Array): Promise<Receipt> {
  const [body, signature] = readArray(decodeCanonical(bytes, { maxBytes: MAX_RECEIPT_BYTES }), 'A signed receipt', 2)
  const bodyBytes = readBytes(body, 'receipt')
  const [space, identity, device, seq, head, time, by] = readArray(decodeCanonical(bodyBytes, { maxBytes: MAX_RECEIPT_BYTES }), 'A receipt', 7)
  const key = readBytes(by, 'by', 32)

  if (!await verify(key, withDomain(RECEIPT_DOMAIN, bodyBytes), readBytes(signature, 'signature', SIGNATURE_BYTES))) {
    throw new InvalidSignatureError('The receipt is not signed by the one it names')
  }

  return {
    chain: {
      space: spaceId(readBytes(space, 'space', 32)),
      identity: identityId(readBytes(identity, 'identity', 32)),
      device: deviceId(readBytes(device, 'device', 32))
    },
    seq: readUint(seq, 'seq', MAX_SEQ),
    head: entryIdFromCid(readCid(head, 'head')),
    time: readUint(time, 'time', MAX_TIME),
    by: key
  }
}
