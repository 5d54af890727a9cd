/** The new device's side: it was given the link, and shows the code. Rules: specs/pairing.md. */
import { lpStream } from '@libp2p/utils'
import { InvalidSignatureError, MalformedError } from '../errors.ts'
import { decodeRecord, deviceStatus } from '../identity/index.ts'
import { codeOf, commitmentTo } from './code.ts'
import { CONFIRMATION_TIMEOUT_MS, MAX_PAIRING_FRAME_BYTES, PAIRING_NONCE_BYTES, PAIRING_TIMEOUT_MS } from './constants.ts'
import { PairingDeclinedError, PairingForgedError, PairingRefusedError } from './errors.ts'
import { agreement, greeting, offer, open, seal, welcome } from './messages.ts'
import type { Joined, JoinOptions, NewDevice, PairingInit, PairingTarget } from './index.ts'
import type { Transcript } from './messages.ts'
import type { SignedRecord } from '../identity/index.ts'
import type { PeerId, Stream } from '@libp2p/interface'

/** What the other side does when it refuses, or is not there any more, is to end the stream */
function refused (err: unknown): never {
  throw new PairingRefusedError('The link was used already, or has expired: make a new one', { cause: err })
}

export async function joinBy (stream: Stream, init: Required<PairingInit>, self: PeerId, { peer, identity, secret }: PairingTarget, device: NewDevice, options: JoinOptions): Promise<Joined> {
  const within = (ms: number): AbortSignal => AbortSignal.any([init.timeout(ms), ...options.signal == null ? [] : [options.signal]])
  const frames = lpStream(stream, { maxDataLength: MAX_PAIRING_FRAME_BYTES })
  const transcript: Transcript = { secret, listingPeer: peer.toString(), newPeer: self.toString(), said: [] }
  const nonce = init.random.bytes(PAIRING_NONCE_BYTES)
  const signal = within(PAIRING_TIMEOUT_MS)

  async function tell (step: number, body: Uint8Array): Promise<void> {
    await frames.write(seal(transcript, step, body), { signal }).catch(refused)
  }

  async function hear (step: number, signal: AbortSignal): Promise<Uint8Array> {
    const frame = await frames.read({ signal }).catch(refused)
    const body = open(transcript, step, frame.subarray())

    if (body == null) {
      throw new PairingForgedError('The other device does not know the link')
    }

    return body
  }

  async function recordIn (bytes: Uint8Array): Promise<SignedRecord> {
    const record = await decodeRecord(bytes)

    if (record.record.identity !== identity) {
      throw new InvalidSignatureError('The other device belongs to somebody else')
    }

    return record
  }

  try {
    await tell(1, greeting.encode({ commitment: commitmentTo({ nonce, name: device.name, entry: await device.agree(0) }) }))

    const current = await recordIn(offer.decode(await hear(2, signal)).record)
    const entry = await device.agree(current.record.seq + 1)

    await tell(3, agreement.encode({ nonce, name: device.name, entry }))
    options.onCode?.(codeOf({ ...transcript, nonce }))

    const answer = welcome.decode(await hear(4, within(CONFIRMATION_TIMEOUT_MS + PAIRING_TIMEOUT_MS)))

    if (answer === false) {
      throw new PairingDeclinedError('The other device was told that the codes differ: make a new link, and compare them again')
    }

    const record = await recordIn(answer.record)

    if (deviceStatus(record.record, entry.device).status !== 'open') {
      throw new PairingForgedError('The other device did not list this one')
    }

    await stream.close({ signal: within(PAIRING_TIMEOUT_MS) })

    return { record, welcome: answer }
  } catch (err) {
    stream.abort(err instanceof Error ? err : new MalformedError('Pairing failed'))
    throw err
  }
}
