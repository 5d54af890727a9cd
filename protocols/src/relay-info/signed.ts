/** What a relay says of itself, signed by its peer key. Rules: specs/relay-info.md [RI11] to [RI14]. */
import { decodeCanonical, encode, readArray, readBytes, readOpenMap, readUint, sameBytes } from '../codec/index.ts'
import { InvalidSignatureError, MalformedError } from '../errors.ts'
import { withDomain } from '../hash.ts'
import { SIGNATURE_BYTES, verify } from '../identity/index.ts'
import { MAX_TIME } from '../limits.ts'
import { MAX_RELAY_INFO_BYTES, MAX_SIGNED_RELAY_INFO_BYTES } from './constants.ts'
import { peerKey } from './peer.ts'
import { readRelayInfo, relayInfoValue } from './relay-info.ts'
import type { RelayInfo, SignedRelayInfo } from './index.ts'
import type { Signer } from '../identity/index.ts'

const RELAY_INFO_DOMAIN = 'pergola/relay-info/1'

/**
 * Signs with the relay's peer key (`peerSigner`). Of two documents of one relay the one with the later `time` stands.
 *
 * @throws {InvalidSignatureError} if the signer's key is not that of `info.peer`
 */
export async function signRelayInfo (signer: Signer, info: RelayInfo, time: number): Promise<Uint8Array> {
  if (!sameBytes(signer.publicKey, peerKey(info.peer))) {
    throw new InvalidSignatureError('A relay can speak only for itself')
  }

  const body = encode({ v: 1, relay: relayInfoValue(info), time })

  return encode([body, await signer.sign(withDomain(RELAY_INFO_DOMAIN, body))])
}

/**
 * Reads and verifies what a relay says of itself.
 *
 * @throws {MalformedError | LimitExceededError} if it is not what specs/relay-info.md says
 * @throws {InvalidSignatureError} if the key of its PeerId did not sign it
 */
export async function decodeSignedRelayInfo (bytes: Uint8Array): Promise<SignedRelayInfo> {
  const parts = readArray(decodeCanonical(bytes, { maxBytes: MAX_SIGNED_RELAY_INFO_BYTES }), 'A signed relay-info', 2)
  const body = readBytes(parts[0], 'body')
  const signature = readBytes(parts[1], 'signature', SIGNATURE_BYTES)
  const fields = readOpenMap(decodeCanonical(body, { maxBytes: MAX_RELAY_INFO_BYTES }), 'A relay-info')

  if (fields.v !== 1) {
    throw new MalformedError('A relay-info of an unknown version')
  }

  const info = readRelayInfo(fields.relay)

  if (!await verify(peerKey(info.peer), withDomain(RELAY_INFO_DOMAIN, body), signature)) {
    throw new InvalidSignatureError('The relay-info is not signed by the relay it names')
  }

  return { info, time: readUint(fields.time, 'time', MAX_TIME), bytes }
}
