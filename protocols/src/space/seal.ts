/** Sealed payloads. Rules: specs/space.md [SP5] to [SP10]. */
import { concat } from 'uint8arrays/concat'
import { sameBytes } from '../codec/index.ts'
import { InvalidSignatureError, LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_PAYLOAD_BYTES } from '../limits.ts'
import { encodeSealedHeader } from '../log/entry.ts'
import { NONCE_BYTES, SEAL_BYTES } from './constants.ts'
import { WrongEpochError } from './errors.ts'
import type { Random } from '../interface.ts'
import type { Epoch, SealedHeader } from './index.ts'

function checkEpoch (epoch: Epoch, header: SealedHeader): void {
  if (!sameBytes(epoch.id, header.epoch)) {
    throw new WrongEpochError('This entry was sealed under another epoch')
  }
}

/**
 * Seals payload bytes for the entry with this header, before the entry is made and signed.
 *
 * @throws {LimitExceededError} if the sealed payload would be longer than a payload may be
 * @throws {WrongEpochError} if the header names another epoch
 */
export async function sealPayload (epoch: Epoch, header: SealedHeader, payload: Uint8Array, random: Random): Promise<Uint8Array> {
  checkEpoch(epoch, header)

  if (payload.length + SEAL_BYTES > MAX_PAYLOAD_BYTES) {
    throw new LimitExceededError(`A sealed payload can hold ${MAX_PAYLOAD_BYTES - SEAL_BYTES} bytes`)
  }

  const iv = random.bytes(NONCE_BYTES)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: iv as BufferSource, additionalData: encodeSealedHeader(header) as BufferSource }, epoch.payloadKey, payload as BufferSource
  )

  return concat([iv, new Uint8Array(sealed)])
}

/**
 * Opens the payload of an entry.
 *
 * @throws {WrongEpochError} if it was sealed under another epoch
 * @throws {LimitExceededError | MalformedError} if it is too long or too short
 * @throws {InvalidSignatureError} if it is not what was sealed, or was taken from another entry
 */
export async function openPayload (epoch: Epoch, header: SealedHeader, sealed: Uint8Array): Promise<Uint8Array> {
  checkEpoch(epoch, header)

  if (sealed.length > MAX_PAYLOAD_BYTES) {
    throw new LimitExceededError(`A sealed payload is longer than ${MAX_PAYLOAD_BYTES} bytes`)
  }

  if (sealed.length < SEAL_BYTES) {
    throw new MalformedError('A sealed payload is too short')
  }

  const iv = sealed.slice(0, NONCE_BYTES)

  try {
    return new Uint8Array(await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: encodeSealedHeader(header) as BufferSource }, epoch.payloadKey, sealed.slice(NONCE_BYTES)
    ))
  } catch (err) {
    throw new InvalidSignatureError('The payload cannot be opened: it was changed, or belongs to another entry', { cause: err })
  }
}
