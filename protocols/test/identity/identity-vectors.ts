import { concat } from 'uint8arrays/concat'
import { encode } from '../../src/codec/index.ts'
import { sha256, withDomain } from '../../src/hash.ts'
import { encodeSafetyCode, phraseFromEntropy, proveDevice, rootFromEntropy, safetyNumber, signerFromSeed } from '../../src/identity/index.ts'
import { entryCid, entryId, fromHex, idBytes, identityId, identityToText, toHex } from '../../src/ids.ts'
import { MAX_CLOSED_DEVICES, MAX_DEVICES, MAX_RECORD_BYTES, MAX_SEQ } from '../../src/limits.ts'
import type { Root, SafetySubject, Signer } from '../../src/identity/index.ts'

export interface RootVector {
  entropy: string
  phrase: string
  /** Raw Ed25519 public key, and its text */
  identity: string
  text: string
  /** Raw X25519 public key */
  recovery: string
  publishSeed: string
  ownSpaceSeed: string
}

export interface RecordVector {
  title: string
  rule: string
  bytes: string
  /** `accept`, or the name of the error */
  verdict: string
  /** SHA-256 of the record bytes; only where accepted */
  hash?: string
  /** IPNS record as protobuf; only where accepted */
  ipns?: string
}

/** Keys in hexadecimal */
export interface SafetyVector {
  /** Only of devices */
  identity?: string
  own: string
  other: string
  number: string
  code: string
}

export interface IdentityVectors {
  roots: RootVector[]
  safety: SafetyVector[]
  records: RecordVector[]
}

/** Fields of a record as they are encoded */
export type Fields = Record<string, unknown>

export const filled = (byte: number, length: number = 32): Uint8Array => new Uint8Array(length).fill(byte)

export async function testRoot (): Promise<Root> {
  return rootFromEntropy(filled(1, 16))
}

/** What a device in a record is on the wire */
export async function deviceFields (root: Root, signer: Signer, from: number = 0, change: Fields = {}): Promise<Fields> {
  const { device, proof, ...rest } = await proveDevice(signer, { identity: root.identity, x25519: filled(9), role: 'client', from })

  return { ...rest, device: idBytes(device), proof, ...change }
}

export async function recordFields (root: Root, change: Fields = {}): Promise<Fields> {
  return {
    v: 1,
    identity: idBytes(root.identity),
    seq: 0,
    prev: null,
    devices: [await deviceFields(root, await signerFromSeed(filled(2)))],
    closed: [],
    reading: filled(3),
    recovery: root.recovery.publicKey,
    publish: filled(4),
    time: 1_700_000_000_000,
    ...change
  }
}

/** The CBOR that an IPNS record signs, as [ID32] and [ID33] say */
export function ipnsData (fields: Fields): Uint8Array {
  const text = new TextEncoder()

  return encode({
    Value: text.encode(`/ipns/${identityToText(identityId(fields.publish as Uint8Array))}`),
    Validity: text.encode('2200-01-01T00:00:00.000000000Z'),
    ValidityType: 0,
    Sequence: fields.seq,
    TTL: 3_600_000_000_000
  })
}

/** Where the fields are those of no IPNS record, so that something else has to be wrong first, a signature of nothing */
async function signIpns (root: Root, fields: unknown): Promise<Uint8Array> {
  const { publish, seq } = (fields ?? {}) as Fields
  const fits = publish instanceof Uint8Array && publish.length === 32 && typeof seq === 'number'

  return root.signer.sign(fits ? concat([new TextEncoder().encode('ipns-signature:'), ipnsData({ publish, seq })]) : new Uint8Array())
}

/** Signs any fields at all, as only the root could */
export async function signFields (root: Root, fields: unknown): Promise<Uint8Array> {
  const body = encode(fields)

  return encode([body, await root.signer.sign(withDomain('pergola/record/1', body)), await signIpns(root, fields)])
}

export async function devicesFields (root: Root, count: number, from: number = 0): Promise<Fields[]> {
  return Promise.all(Array.from({ length: count }, async (_, n) => deviceFields(root, await signerFromSeed(filled(100 + n)), from)))
}

export function closedFields (count: number): Fields[] {
  return Array.from({ length: count }, (_, n) => ({ device: Uint8Array.of(n, ...filled(0xcc, 31)), cut: n % 2 === 0 ? null : entryCid(entryId(filled(n))) }))
}

/** Protobuf of lengths below 2^14 */
function ipnsBytes (signature: Uint8Array, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(0x42, 64), signature, Uint8Array.of(0x4a, 0x80 | data.length & 0x7f, data.length >> 7), data])
}

async function rootVector (entropy: Uint8Array): Promise<RootVector> {
  const root = await rootFromEntropy(entropy)

  return {
    entropy: toHex(entropy),
    phrase: phraseFromEntropy(entropy),
    identity: toHex(idBytes(root.identity)),
    text: identityToText(root.identity),
    recovery: toHex(root.recovery.publicKey),
    publishSeed: toHex(root.publishSeed),
    ownSpaceSeed: toHex(root.ownSpaceSeed)
  }
}

function safetyVectors (): SafetyVector[] {
  const [a, b, c] = [filled(1), filled(2), filled(1).with(31, 0)].map(toHex)
  const pairs: Array<Pick<SafetyVector, 'identity' | 'own' | 'other'>> = [
    { own: a, other: b }, { own: b, other: a }, { own: a, other: c }, { identity: c, own: a, other: b }, { identity: c, own: b, other: a }, { identity: b, own: a, other: c }
  ]

  return pairs.map(pair => ({ ...pair, number: safetyNumber(pair as SafetySubject), code: encodeSafetyCode(pair as SafetySubject) }))
}

type Change = [rule: string, title: string, change: Fields, verdict: string]

async function changes (root: Root): Promise<Change[]> {
  const [first] = (await recordFields(root)).devices as Fields[]
  const other = await rootFromEntropy(filled(8, 16))
  const signer = await signerFromSeed(filled(2))
  const device = (change: Fields): Fields => ({ devices: [{ ...first, ...change }] })
  const closed = closedFields(1)

  return [
    ['ID22', 'the least', {}, 'accept'],
    ['ID22', 'no device', { devices: [] }, 'accept'],
    ['ID22', 'a field too many', { more: 1 }, 'MalformedError'],
    ['ID22', 'a later version', { v: 2 }, 'UnknownVersionError'],
    ['ID22', 'a later version with other fields', { v: 2, more: 1 }, 'UnknownVersionError'],
    ['ID22', 'version zero', { v: 0 }, 'UnknownVersionError'],
    ['ID22', 'a version that is text', { v: '1' }, 'MalformedError'],
    ['ID22', 'an identity of 31 bytes', { identity: filled(1, 31) }, 'MalformedError'],
    ['ID23', 'a later one', { seq: 7, prev: filled(5) }, 'accept'],
    ['ID23', 'the highest seq', { seq: MAX_SEQ, prev: filled(5) }, 'accept'],
    ['ID23', 'a seq one past the highest', { seq: MAX_SEQ + 1, prev: filled(5) }, 'MalformedError'],
    ['ID23', 'a first one with a predecessor', { prev: filled(5) }, 'MalformedError'],
    ['ID23', 'a later one without a predecessor', { seq: 1 }, 'MalformedError'],
    ['ID23', 'a predecessor of 33 bytes', { seq: 1, prev: filled(5, 33) }, 'MalformedError'],
    ['ID23', 'a negative seq', { seq: -1 }, 'MalformedError'],
    ['ID24', 'the most devices', { devices: await devicesFields(root, MAX_DEVICES) }, 'accept'],
    ['ID24', 'a device too many', { devices: await devicesFields(root, MAX_DEVICES + 1) }, 'LimitExceededError'],
    ['ID24', 'a home node', device({ role: 'home' }), 'accept'],
    ['ID24', 'an unknown role', device({ role: 'toaster' }), 'MalformedError'],
    ['ID24', 'a device with a field too many', device({ name: 'phone' }), 'MalformedError'],
    ['ID24', 'an x25519 key of 31 bytes', device({ x25519: filled(9, 31) }), 'MalformedError'],
    ['ID25', 'a device from a later record', { devices: [await deviceFields(root, signer, 1)] }, 'MalformedError'],
    ['ID25', 'a device from an earlier record', { seq: 2, prev: filled(5), devices: [await deviceFields(root, signer, 1)] }, 'accept'],
    ['ID26', 'a proof for another identity', { devices: [await deviceFields(other, signer)] }, 'InvalidSignatureError'],
    ['ID26', 'a proof for another x25519 key', device({ x25519: filled(10) }), 'InvalidSignatureError'],
    ['ID26', 'a proof for another from', { seq: 1, prev: filled(5), ...device({ from: 1 }) }, 'InvalidSignatureError'],
    ['ID26', 'a proof of another device', device({ device: (await signerFromSeed(filled(6))).publicKey }), 'InvalidSignatureError'],
    ['ID26', 'a proof of 63 bytes', device({ proof: filled(1, 63) }), 'MalformedError'],
    ['ID26', 'a device key of small order, S = 0', device({ device: Uint8Array.of(1, ...filled(0, 31)), proof: Uint8Array.of(1, ...filled(0, 63)) }), 'InvalidSignatureError'],
    ['ID27', 'closed devices', { closed: closedFields(3) }, 'accept'],
    ['ID27', 'the most closed devices', { closed: closedFields(MAX_CLOSED_DEVICES) }, 'accept'],
    ['ID27', 'a closed device too many', { closed: closedFields(MAX_CLOSED_DEVICES + 1) }, 'LimitExceededError'],
    ['ID27', 'a closed device without a cut', { closed: [{ device: filled(7) }] }, 'MalformedError'],
    ['ID27', 'a cut that is bytes', { closed: [{ device: filled(7), cut: filled(7) }] }, 'MalformedError'],
    ['ID28', 'a device twice', { devices: [first, first] }, 'MalformedError'],
    ['ID28', 'a device open and closed', { closed: [{ device: first.device, cut: null }] }, 'MalformedError'],
    ['ID28', 'a device closed twice', { closed: [...closed, ...closed] }, 'MalformedError'],
    ['ID29', 'a reading key of 31 bytes', { reading: filled(3, 31) }, 'MalformedError'],
    ['ID29', 'a recovery key that is text', { recovery: 'key' }, 'MalformedError'],
    ['ID29', 'a publish key that is null', { publish: null }, 'MalformedError'],
    ['ID29', 'a time of a later age', { time: 2 ** 48 }, 'MalformedError'],
    ['ID29', 'a time with a fraction', { time: 1.5 }, 'MalformedError']
  ]
}

/** What specs/vectors/identity.json holds: all the same at each run */
export async function identityVectors (): Promise<IdentityVectors> {
  const root = await testRoot()
  const records: RecordVector[] = []

  function add (rule: string, title: string, bytes: Uint8Array, verdict: string): void {
    records.push({ title, rule, bytes: toHex(bytes), verdict })
  }

  for (const [rule, title, change, verdict] of await changes(root)) {
    const fields = await recordFields(root, change)

    records.push({
      title,
      rule,
      bytes: toHex(await signFields(root, fields)),
      verdict,
      ...verdict === 'accept' ? { hash: toHex(sha256(encode(fields))), ipns: toHex(ipnsBytes(await signIpns(root, fields), ipnsData(fields))) } : {}
    })
  }

  const fields = await recordFields(root)
  const body = encode(fields)
  const good = await signFields(root, fields)
  const signature = await root.signer.sign(withDomain('pergola/record/1', body))
  const other = await rootFromEntropy(filled(8, 16))
  const changed = good.slice()
  // the last byte of the record's signature: behind it stand the two bytes of a head, and the IPNS signature
  changed[changed.length - 64 - 2 - 1] ^= 1

  const ipns = await signIpns(root, fields)
  const ipnsOf = async (change: Fields, by: Root = root): Promise<Uint8Array> => encode([body, signature, await signIpns(by, { ...fields, ...change })])

  add('ID20', 'not an array', encode({ body, signature, ipns }), 'MalformedError')
  add('ID20', 'without a signature', encode([body]), 'MalformedError')
  add('ID20', 'without an IPNS signature', encode([body, signature]), 'MalformedError')
  add('ID20', 'with a fourth part', encode([body, signature, ipns, 1]), 'LimitExceededError')
  add('ID20', 'a record that is not wrapped in bytes', encode([fields, signature, ipns]), 'MalformedError')
  add('ID20', 'bytes after its end', Uint8Array.of(...good, 0), 'MalformedError')
  add('ID20', 'cut short', good.subarray(0, -1), 'MalformedError')
  add('ID20', 'nothing', new Uint8Array(), 'MalformedError')
  add('ID20', 'one byte over the limit', new Uint8Array(MAX_RECORD_BYTES + 1), 'LimitExceededError')
  add('ID20', 'a record that is not canonical: keys in another order', encode([Uint8Array.of(...fromHex('a2617601'), ...fromHex('616101')), signature, ipns]), 'MalformedError')
  add('ID21', 'a changed signature', changed, 'InvalidSignatureError')
  add('ID21', 'signed by another root', await signFields(other, fields), 'InvalidSignatureError')
  add('ID21', 'signed without the domain', encode([body, await root.signer.sign(body), ipns]), 'InvalidSignatureError')
  add('ID21', 'signed for another purpose', encode([body, await root.signer.sign(withDomain('pergola/entry/1', body)), ipns]), 'InvalidSignatureError')
  add('ID33', 'an IPNS signature of 63 bytes', encode([body, signature, ipns.subarray(1)]), 'MalformedError')
  add('ID34', 'the IPNS signature of a later record', await ipnsOf({ seq: 1 }), 'InvalidSignatureError')
  add('ID34', 'the IPNS signature of another publish key', await ipnsOf({ publish: filled(5) }), 'InvalidSignatureError')
  add('ID34', 'the IPNS signature of another root', await ipnsOf({}, other), 'InvalidSignatureError')
  add('ID34', 'an IPNS signature without its prefix', encode([body, signature, await root.signer.sign(ipnsData(fields))]), 'InvalidSignatureError')
  add('ID34', 'the signature of the record in place of the one of IPNS', encode([body, signature, signature]), 'InvalidSignatureError')

  return { roots: await Promise.all([filled(0, 16), filled(1, 16), filled(0xff, 16), fromHex('00112233445566778899aabbccddeeff')].map(rootVector)), safety: safetyVectors(), records }
}
