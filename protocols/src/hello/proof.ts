/** Making and checking proofs. Rules: specs/hello.md [HE20] to [HE26]. */
import { encode } from '../codec/index.ts'
import { withDomain } from '../hash.ts'
import { decodeRecord, deviceStatus, verify } from '../identity/index.ts'
import { deviceId, idBytes } from '../ids.ts'
import { proveToken } from '../invite/index.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { IdentityId } from '../ids.ts'
import type { HelloSelf } from './index.ts'
import type { DeviceProof, TokenMac } from './messages.ts'
import type { TokenProof } from '../invite/index.ts'

const DEVICE_DOMAIN = 'pergola/hello-device/1'
const TOKEN_DOMAIN = 'pergola/hello-token/1'

function deviceMessage (binding: Uint8Array, identity: IdentityId): Uint8Array {
  return withDomain(DEVICE_DOMAIN, encode([binding, idBytes(identity)]))
}

export async function makeDeviceProof ({ record, signer }: HelloSelf, binding: Uint8Array): Promise<DeviceProof> {
  return {
    record: record.bytes,
    device: deviceId(signer.publicKey),
    signature: await signer.sign(deviceMessage(binding, record.record.identity))
  }
}

/** The record of a device proof, or undefined if anything about it is wrong */
export async function checkDeviceProof ({ record, device, signature }: DeviceProof, binding: Uint8Array): Promise<SignedRecord | undefined> {
  try {
    const signed = await decodeRecord(record)
    const { identity } = signed.record
    const isGood = deviceStatus(signed.record, device).status === 'open' && await verify(idBytes(device), deviceMessage(binding, identity), signature)

    return isGood ? signed : undefined
  } catch {
    return undefined
  }
}

export function makeTokenMac (token: Uint8Array, binding: Uint8Array): TokenMac {
  const { id, mac } = proveToken(token, withDomain(TOKEN_DOMAIN, binding))

  return { id, mac }
}

/** What the issuer of a token needs to check it */
export function tokenProof ({ id, mac }: TokenMac, binding: Uint8Array): TokenProof {
  return { id, mac, message: withDomain(TOKEN_DOMAIN, binding) }
}
