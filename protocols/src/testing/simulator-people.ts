/** Identities with devices, for tests of chains */
import { encode } from '../codec/index.ts'
import { sha256 } from '../hash.ts'
import { proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../identity/index.ts'
import { deviceId, publicWall } from '../ids.ts'
import { signEntry } from '../log/index.ts'
import type { Root, SignedRecord, Signer } from '../identity/index.ts'
import type { DeviceId, EntryId, IdentityId, SpaceId } from '../ids.ts'
import type { ChainKey, Entry } from '../log/index.ts'

const encoder = new TextEncoder()

export interface Person {
  root: Root
  identity: IdentityId
  space: SpaceId
  /** Signers of devices, the first two listed */
  signers: Signer[]
  record: SignedRecord
  chain (signer?: Signer): ChainKey
}

/** Always the same person for the same name */
export async function person (name: string, devices: number = 1): Promise<Person> {
  const root = await rootFromEntropy(sha256(encoder.encode(name)).subarray(0, 16))
  const signers: Signer[] = []

  for (let i = 0; i < devices; i++) {
    signers.push(await signerFromSeed(sha256(encoder.encode(`${name} device ${i}`))))
  }

  const record = await recordOf(root, signers)
  const space = publicWall(root.identity)

  return {
    root,
    identity: root.identity,
    space,
    signers,
    record,
    chain: (signer = signers[0]) => ({ space, identity: root.identity, device: deviceId(signer.publicKey) })
  }
}

/** The next record of an identity */
export async function recordOf (root: Root, signers: Signer[], previous?: SignedRecord, closed: Array<{ device: DeviceId, cut: EntryId | null }> = []): Promise<SignedRecord> {
  const devices = []

  for (const signer of signers) {
    devices.push(await proveDevice(signer, { identity: root.identity, x25519: new Uint8Array(32).fill(7), role: 'client', from: 0 }))
  }

  return signRecord(root, { devices, closed, reading: new Uint8Array(32).fill(1), publish: new Uint8Array(32).fill(2), time: 1 }, previous)
}

export function payloadOf (text: string): Uint8Array {
  return encode({ kind: 'post', text, salt: sha256(encoder.encode(text)).subarray(0, 16) })
}

/** Entries that follow one another, oldest first */
export async function writeChain (author: Person, count: number, init: { signer?: Signer, after?: Entry, text?: string, rec?: number } = {}): Promise<Entry[]> {
  const out: Entry[] = []
  let last = init.after

  for (let i = 0; i < count; i++) {
    const seq = last == null ? 0 : last.header.seq + 1

    last = await signEntry(init.signer ?? author.signers[0], {
      space: author.space,
      identity: author.identity,
      rec: init.rec ?? 0,
      seq,
      prev: last?.id ?? null,
      time: 1_700_000_000_000 + seq
    }, payloadOf(`${init.text ?? 'post'} ${seq}`))
    out.push(last)
  }

  return out
}
