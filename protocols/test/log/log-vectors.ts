/** Makes specs/vectors/{entry,fork-proof}.json: always the same */
import { encode } from '../../src/codec/index.ts'
import { signerFromSeed } from '../../src/identity/index.ts'
import { entryCid, fromHex, identityId, payloadCid, publicWall, spaceId, toHex } from '../../src/ids.ts'
import { encodeEntry, makeForkProof, signEntry } from '../../src/log/index.ts'
import type { Entry } from '../../src/log/index.ts'

export interface EntryVector {
  rule: string
  title: string
  /** `[header, signature, payload | null]` */
  bytes: string
  verdict: 'accept' | 'malformed' | 'limit' | 'unknown version' | 'bad signature'
  /** Where it is accepted */
  id?: string
  header?: {
    space: string
    identity: string
    rec: number
    device: string
    seq: number
    prev: string | null
    time: number
    epoch?: string
    payload: string
    size: number
  }
}

export interface ForkProofVector {
  rule: string
  title: string
  bytes: string
  verdict: 'accept' | 'malformed' | 'limit' | 'bad signature'
  /** Where it is accepted */
  seq?: number
  ids?: string[]
}

const TIME = 1_700_000_000_000

async function writer (): Promise<{ next (after: Entry | undefined, text: string, more?: object): Promise<Entry>, device: Uint8Array, identity: Uint8Array }> {
  const signer = await signerFromSeed(new Uint8Array(32).fill(1))
  const identity = (await signerFromSeed(new Uint8Array(32).fill(2))).publicKey

  return {
    device: signer.publicKey,
    identity,
    next: async (after, text, more = {}) => signEntry(signer, {
      space: publicWall(identityId(identity)),
      identity: identityId(identity),
      rec: 0,
      seq: after == null ? 0 : after.header.seq + 1,
      prev: after?.id ?? null,
      time: TIME,
      ...more
    }, encode({ kind: 'post', salt: new Uint8Array(16), text }))
  }
}

function accepted (rule: string, title: string, entry: Entry, withPayload: boolean = true): EntryVector {
  const { header } = entry

  return {
    rule,
    title,
    bytes: toHex(encodeEntry(entry, withPayload)),
    verdict: 'accept',
    id: entry.id,
    header: {
      space: header.space,
      identity: header.identity,
      rec: header.rec,
      device: header.device,
      seq: header.seq,
      prev: header.prev,
      time: header.time,
      ...(header.epoch == null ? {} : { epoch: toHex(header.epoch) }),
      payload: toHex(header.payload),
      size: header.size
    }
  }
}

export async function entryVectors (): Promise<EntryVector[]> {
  const { next, device, identity } = await writer()
  const first = await next(undefined, 'first')
  const second = await next(first, 'second')
  const sealed = await next(second, 'sealed', { space: spaceId(new Uint8Array(32).fill(9)), epoch: new Uint8Array(16).fill(7) })
  const fields = {
    v: 1,
    space: identity,
    identity,
    rec: 0,
    device,
    seq: 1,
    prev: entryCid(first.id),
    time: TIME,
    payload: payloadCid(first.header.payload, false),
    size: first.header.size
  }
  const refused = (rule: string, title: string, verdict: EntryVector['verdict'], bytes: Uint8Array): EntryVector => ({ rule, title, bytes: toHex(bytes), verdict })
  const withHeader = (rule: string, title: string, header: object, verdict: EntryVector['verdict'] = 'malformed'): EntryVector =>
    refused(rule, title, verdict, encode([encode(header), first.signature, null]))
  const { rec, ...withoutRec } = fields

  return [
    accepted('LG1', 'the first of a chain', first),
    accepted('LG1', 'the second', second),
    accepted('LG9', 'without its payload', first, false),
    accepted('LG7', 'sealed, in a space of its own', sealed),
    accepted('LG2', 'largest numbers', await next(first, 'far', { rec: 2 ** 48 - 1, seq: 2 ** 48 - 1, time: 2 ** 48 - 1 })),
    refused('LG10', 'signed by nobody', 'bad signature', encodeEntry({ ...first, signature: new Uint8Array(64) })),
    refused('LG10', 'the signature of another entry', 'bad signature', encodeEntry({ ...first, signature: second.signature })),
    refused('LG9', 'the payload of another entry', 'malformed', encodeEntry({ ...first, payload: second.payload })),
    refused('LG9', 'an array of four', 'limit', encode([first.headerBytes, first.signature, null, null])),
    refused('LG9', 'an array of two', 'malformed', encode([first.headerBytes, first.signature])),
    refused('LG9', 'a short signature', 'malformed', encode([first.headerBytes, first.signature.subarray(1), null])),
    refused('LG9', 'not canonical: a longer head than needed', 'malformed', fromHex(`9803${toHex(encodeEntry(first)).slice(2)}`)),
    refused('LG9', 'bytes after the end', 'malformed', Uint8Array.of(...encodeEntry(first), 0)),
    refused('LG9', 'cut short', 'malformed', encodeEntry(first).subarray(0, -1)),
    refused('LG2', 'a header that is too long', 'limit', encode([new Uint8Array(1025), first.signature, null])),
    withHeader('LG4', 'a later version', { ...fields, v: 2, more: true }, 'unknown version'),
    refused('LG4', 'a later version in a form of its own', 'unknown version', encode([encode({ v: 2, space: identity }), { two: [1, 2] }, 'three', 4])),
    refused('LG4', 'a later version with a header that is too long', 'limit', encode([encode({ v: 2, space: identity, more: new Uint8Array(1000) }), first.signature, null])),
    refused('LG4', 'a form of its own, of this version', 'limit', encode([encode({ v: 1, space: identity }), first.signature, null, 4])),
    refused('LG4', 'a form of its own, of no space', 'malformed', encode([encode({ v: 2, space: identity.subarray(1) }), 'two'])),
    withHeader('LG1', 'a field is missing', withoutRec),
    withHeader('LG1', 'a field too many', { ...fields, more: rec }),
    withHeader('LG2', 'a negative number', { ...fields, rec: -1 }),
    withHeader('LG2', 'a fraction', { ...fields, time: 1.5 }),
    withHeader('LG2', 'seq beyond 2^48 - 1', { ...fields, seq: 2 ** 48 }),
    withHeader('LG2', 'a payload that is said to be too long', { ...fields, size: 32 * 1024 + 1 }),
    withHeader('LG8', 'the first of a chain with a predecessor', { ...fields, seq: 0 }),
    withHeader('LG8', 'a later one without', { ...fields, prev: null }),
    withHeader('LG8', 'prev links a raw block', { ...fields, prev: payloadCid(first.header.payload, true) }),
    withHeader('LG7', 'a public payload as a raw block', { ...fields, payload: payloadCid(first.header.payload, true) }),
    withHeader('LG7', 'a sealed payload as dag-cbor', { ...fields, epoch: new Uint8Array(16) }),
    withHeader('LG7', 'a short epoch', { ...fields, epoch: new Uint8Array(15), payload: payloadCid(first.header.payload, true) }),
    withHeader('LG1', 'a short device key', { ...fields, device: device.subarray(1) })
  ]
}

export async function forkProofVectors (): Promise<ForkProofVector[]> {
  const { next } = await writer()
  const first = await next(undefined, 'first')
  const left = await next(first, 'left')
  const leftTop = await next(left, 'left top')
  const right = await next(first, 'right')
  const stranger = await signerFromSeed(new Uint8Array(32).fill(3))
  const foreign = await signEntry(stranger, { ...right.header, space: right.header.space }, encode('foreign'))
  const side = (...entries: Entry[]): [Uint8Array[], Uint8Array] => [entries.map(({ headerBytes }) => headerBytes), entries[0].signature]
  const vector = (rule: string, title: string, verdict: ForkProofVector['verdict'], value: unknown): ForkProofVector => ({ rule, title, bytes: toHex(encode(value)), verdict })
  const [low, high] = left.id < right.id ? [side(left), side(right)] : [side(right), side(left)]
  const proof = await makeForkProof({ headers: low[0], signature: low[1] }, { headers: high[0], signature: high[1] })
  const accept = { seq: proof.seq, ids: [...proof.ids] }

  return [
    { ...vector('LG40', 'two entries after the same one', 'accept', [low, high]), ...accept },
    { ...vector('LG41', 'one side through an entry above', 'accept', left.id < right.id ? [side(leftTop, left), high] : [low, side(leftTop, left)]), ...accept },
    vector('LG42', 'the same side twice', 'malformed', [low, low]),
    vector('LG42', 'one side', 'malformed', [low]),
    vector('LG42', 'an empty side', 'malformed', [low, [[], high[1]]]),
    vector('LG42', 'sides that do not meet', 'malformed', [side(leftTop), side(right)]),
    vector('LG42', 'headers that are not linked', 'malformed', [side(leftTop, right), low]),
    vector('LG42', 'two devices', 'malformed', [side(left), side(foreign)]),
    vector('LG41', 'a side that nobody signed', 'bad signature', [[low[0], new Uint8Array(64)], high]),
    vector('LG43', 'too many headers', 'limit', [[Array(65).fill(left.headerBytes), left.signature], high])
  ]
}
