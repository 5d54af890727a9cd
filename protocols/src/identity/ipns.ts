/**
 * The IPNS record of an identity: whoever asks any IPNS implementation for `/ipns/<identity>` is led to `/ipns/<publish>`. All of it but the
 * signature follows from the identity record, so the signature alone travels. Rules: specs/identity.md [ID32] to [ID35].
 */
import { varint } from 'multiformats'
import { concat } from 'uint8arrays/concat'
import { encode } from '../codec/index.ts'
import { identityId, identityToText } from '../ids.ts'
import type { IdentityRecord } from './record.ts'

const encoder = new TextEncoder()
/** What IPNS signs begins with this; it is no domain of ours and ends without a zero */
const SIGNATURE_PREFIX = encoder.encode('ipns-signature:')
/** Nobody has to come back to sign again; before 2262, where nanoseconds leave the signed numbers of 64 bits that some keep them in */
const VALID_UNTIL = encoder.encode('2200-01-01T00:00:00.000000000Z')
/** The validity is an end of life, the only type there is */
const VALIDITY_TYPE_EOL = 0
/** Nanoseconds that a resolver may keep it: one hour, the usual of IPNS implementations */
const TTL_NANOSECONDS = 3_600_000_000_000
/** Protobuf tags of byte fields: 8 and 9 */
const SIGNATURE_V2_TAG = 0x42
const DATA_TAG = 0x4a

function dataOf ({ publish, seq }: Pick<IdentityRecord, 'publish' | 'seq'>): Uint8Array {
  return encode({
    Value: encoder.encode(`/ipns/${identityToText(identityId(publish))}`),
    Validity: VALID_UNTIL,
    ValidityType: VALIDITY_TYPE_EOL,
    Sequence: seq,
    TTL: TTL_NANOSECONDS
  })
}

/** What the root signs for IPNS with an identity record */
export function ipnsMessage (record: Pick<IdentityRecord, 'publish' | 'seq'>): Uint8Array {
  return concat([SIGNATURE_PREFIX, dataOf(record)])
}

function bytesField (tag: number, bytes: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(tag), varint.encodeTo(bytes.length, new Uint8Array(varint.encodingLength(bytes.length))), bytes])
}

/** The record as routers take it: protobuf with the second version of the signature only */
export function encodeIpns (record: Pick<IdentityRecord, 'publish' | 'seq'>, signature: Uint8Array): Uint8Array {
  return concat([bytesField(SIGNATURE_V2_TAG, signature), bytesField(DATA_TAG, dataOf(record))])
}
