/** Makes specs/vectors/receipt.json: always the same */
import { encode } from '../../src/codec/index.ts'
import { withDomain } from '../../src/hash.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { deviceId, entryCid, entryId, idBytes, identityId, publicWall, toHex } from '../../src/ids.ts'
import { signReceipt } from '../../src/sync/index.ts'

export interface ReceiptVector {
  rule: string
  title: string
  /** `[receipt, signature]` */
  bytes: string
  verdict: 'accept' | 'malformed' | 'limit' | 'bad signature'
  /** Where it is accepted */
  receipt?: { space: string, identity: string, device: string, seq: number, head: string, time: number, by: string }
}

export async function receiptVectors (): Promise<ReceiptVector[]> {
  const holder = await signerFromSeed(new Uint8Array(32).fill(4))
  const identity = identityId((await signerFromSeed(new Uint8Array(32).fill(2))).publicKey)
  const device = deviceId((await signerFromSeed(new Uint8Array(32).fill(1))).publicKey)
  const chain = { space: publicWall(identity), identity, device }
  const head = entryId(new Uint8Array(32).fill(5))
  const receipt = { chain, seq: 41, head, time: 1_700_000_000_000 }
  const bytes = await signReceipt(holder, receipt)
  const fields = [idBytes(chain.space), idBytes(identity), idBytes(device), 41, entryCid(head), 1_700_000_000_000, holder.publicKey]
  const signed = async (value: unknown): Promise<Uint8Array> => {
    const body = encode(value)

    return encode([body, await holder.sign(withDomain('pergola/receipt/1', body))])
  }
  const refused = (title: string, verdict: ReceiptVector['verdict'], value: Uint8Array): ReceiptVector => ({ rule: 'SY43', title, bytes: toHex(value), verdict })

  return [
    {
      rule: 'SY43',
      title: 'a receipt',
      bytes: toHex(bytes),
      verdict: 'accept',
      receipt: { ...chain, seq: 41, head, time: receipt.time, by: toHex(holder.publicKey) }
    },
    refused('signed by nobody', 'bad signature', encode([encode(fields), new Uint8Array(64)])),
    refused('signed by another', 'bad signature', await signed([...fields.slice(0, 6), idBytes(device)])),
    refused('signed without the domain', 'bad signature', encode([encode(fields), await holder.sign(encode(fields))])),
    refused('a field is missing', 'malformed', await signed(fields.slice(0, 6))),
    refused('a field too many', 'limit', await signed([...fields, 1])),
    refused('a head that is no entry', 'malformed', await signed([...fields.slice(0, 4), idBytes(device), ...fields.slice(5)])),
    refused('a negative number', 'malformed', await signed([...fields.slice(0, 3), -1, ...fields.slice(4)])),
    refused('cut short', 'malformed', bytes.subarray(0, -1)),
    refused('bytes after the end', 'malformed', Uint8Array.of(...bytes, 0)),
    refused('too long', 'limit', encode([new Uint8Array(500), new Uint8Array(64)]))
  ]
}
