/**
 * pairing `/pergola/pair/1.0.0`: a new device becomes one of an identity's, by a link that was shown on a device that holds the root.
 * Everything is authenticated by the secret of the link and bound to the two connected peers. Rules: specs/pairing.md.
 */
import { lpStream } from '@libp2p/utils'
import { InvalidSignatureError, MalformedError } from '../errors.ts'
import { decodeRecord, deviceStatus } from '../identity/index.ts'
import { DEFAULT_PAIRING_LIFETIME_MS, MAX_PAIRING_FAILURES, MAX_PAIRING_FRAME_BYTES, PAIRING_NONCE_BYTES, PAIRING_PROTOCOL, PAIRING_SECRET_BYTES, PAIRING_TIMEOUT_MS } from './constants.ts'
import { PairingForgedError, PairingRefusedError } from './errors.ts'
import { agreement, greeting, offer, open, seal, welcome } from './messages.ts'
import type { Agreement, Transcript, Welcome } from './messages.ts'
import type { DeviceEntry, SignedRecord } from '../identity/index.ts'
import type { IdentityId } from '../ids.ts'
import type { AbortOptions, Clock, Random } from '../interface.ts'
import type { Connection, PeerId, Startable, Stream } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'

export { claims, decodeClaim, encodeClaim } from './claim.ts'
export type { Claim, ClaimInit, Claims } from './claim.ts'
export { PairingForgedError, PairingRefusedError } from './errors.ts'
export { MAX_PAIRED_PEERS, MAX_PAIRING_FRAME_BYTES, PAIRING_PROTOCOL, PAIRING_SECRET_BYTES } from './constants.ts'
export type { Agreement, Welcome } from './messages.ts'

/** What the listing device does for a new one */
export interface PairingHost {
  record (): Promise<SignedRecord>
  /** Lists the new device in the next record and says what it must know */
  admit (agreement: Agreement, peer: PeerId): Promise<Welcome>
}

export interface PairingInit {
  clock: Clock
  random: Random
}

export interface PairingComponents {
  peerId: PeerId
  registrar: Registrar
  connectionManager: ConnectionManager
}

export interface OpenPairing {
  /** 16 bytes, to go into the link */
  secret: Uint8Array
  expires: number
  /** Resolves once a device was admitted; rejects with the reason when the offer ends otherwise */
  done: Promise<void>
  /** Ends the offer */
  cancel (): void
}

export interface Pairing extends Startable {
  /** Waits for one new device; an earlier offer ends */
  offer (host: PairingHost): OpenPairing
  /**
   * Becomes a device of the identity in a link.
   *
   * @throws {PairingRefusedError | PairingForgedError | MalformedError}
   */
  join (peer: PeerId, identity: IdentityId, secret: Uint8Array, agree: (record: SignedRecord) => Promise<{ entry: DeviceEntry, name: string }>, options?: AbortOptions): Promise<{ record: SignedRecord, welcome: Welcome }>
}

interface CurrentOffer {
  host: PairingHost
  secret: Uint8Array
  expires: number
  failures: number
  ended: boolean
  settle (error?: Error): void
}

class PairingService implements Pairing {
  readonly #init: PairingInit
  readonly #components: PairingComponents
  #offer: CurrentOffer | undefined
  #started = false

  constructor (init: PairingInit, components: PairingComponents) {
    this.#init = init
    this.#components = components
  }

  async start (): Promise<void> {
    if (this.#started) {
      return
    }

    this.#started = true
    await this.#components.registrar.handle(PAIRING_PROTOCOL, async (stream, connection) => this.#admit(stream, connection), {
      runOnLimitedConnection: true, maxInboundStreams: 2
    })
  }

  async stop (): Promise<void> {
    if (!this.#started) {
      return
    }

    this.#started = false
    this.#offer?.settle(new PairingRefusedError('The program was closed'))
    await this.#components.registrar.unhandle(PAIRING_PROTOCOL)
  }

  offer (host: PairingHost): OpenPairing {
    this.#offer?.settle(new PairingRefusedError('Another link took the place of this one'))

    const secret = this.#init.random.bytes(PAIRING_SECRET_BYTES)
    const expires = this.#init.clock.now() + DEFAULT_PAIRING_LIFETIME_MS
    const { promise: done, resolve, reject } = Promise.withResolvers<void>()
    const expiry = setTimeout(() => { current.settle(new PairingRefusedError('The link has expired: make a new one')) }, DEFAULT_PAIRING_LIFETIME_MS)

    const current: CurrentOffer = {
      host,
      secret,
      expires,
      failures: 0,
      ended: false,
      settle: error => {
        current.ended = true
        clearTimeout(expiry)

        if (this.#offer === current) {
          this.#offer = undefined
        }

        if (error == null) {
          resolve()
        } else {
          reject(error)
        }
      }
    }

    this.#offer = current
    // whoever made the offer may never look at its end
    done.catch(() => {})

    return { secret, expires, done, cancel: () => { current.settle(new PairingRefusedError('The link was taken back')) } }
  }

  async #admit (stream: Stream, connection: Connection): Promise<void> {
    const current = this.#offer

    if (current == null || current.expires <= this.#init.clock.now()) {
      stream.abort(new PairingRefusedError('No link is open'))
      return
    }

    const signal = AbortSignal.timeout(PAIRING_TIMEOUT_MS)
    const frames = lpStream(stream, { maxDataLength: MAX_PAIRING_FRAME_BYTES })
    const transcript: Transcript = {
      secret: current.secret, listingPeer: this.#components.peerId.toString(), newPeer: connection.remotePeer.toString(), said: []
    }

    try {
      // without the secret nobody gets an answer, so a prober cannot tell an open offer from a closed one
      const greeted = open(transcript, 1, (await frames.read({ signal })).subarray())

      if (greeted == null) {
        throw new PairingForgedError('The link does not fit')
      }

      greeting.decode(greeted)
      await frames.write(seal(transcript, 2, offer.encode({
        nonce: this.#init.random.bytes(PAIRING_NONCE_BYTES), record: (await current.host.record()).bytes
      })), { signal })

      const agreed = open(transcript, 3, (await frames.read({ signal })).subarray())

      if (agreed == null) {
        throw new PairingForgedError('The link does not fit')
      }

      const agreedTo = agreement.decode(agreed)

      // two devices with the same link may be here at once
      if (this.#offer !== current) {
        throw new PairingRefusedError('The link was used already')
      }

      this.#offer = undefined

      const admitted = await current.host.admit(agreedTo, connection.remotePeer).catch(err => {
        // nobody was admitted: the link stands unless it ended or another took its place meanwhile
        if (this.#started && this.#offer == null && !current.ended) {
          this.#offer = current
        } else {
          current.settle(new PairingRefusedError('Another link took the place of this one'))
        }

        throw err
      })

      current.settle()
      await frames.write(seal(transcript, 4, welcome.encode(admitted)), { signal })
      await stream.close({ signal })
    } catch (err) {
      stream.abort(err instanceof Error ? err : new MalformedError('Pairing failed'))

      if (!current.ended && ++current.failures >= MAX_PAIRING_FAILURES) {
        current.settle(new PairingForgedError('Too many wrong attempts: make a new link'))
      }
    }
  }

  async join (peer: PeerId, identity: IdentityId, secret: Uint8Array, agree: (record: SignedRecord) => Promise<{ entry: DeviceEntry, name: string }>, options: AbortOptions = {}): Promise<{ record: SignedRecord, welcome: Welcome }> {
    const signal = AbortSignal.any([AbortSignal.timeout(PAIRING_TIMEOUT_MS), ...options.signal == null ? [] : [options.signal]])
    const stream = await this.#components.connectionManager.openStream(peer, PAIRING_PROTOCOL, { signal, runOnLimitedConnection: true })
    const frames = lpStream(stream, { maxDataLength: MAX_PAIRING_FRAME_BYTES })
    const transcript: Transcript = { secret, listingPeer: peer.toString(), newPeer: this.#components.peerId.toString(), said: [] }

    const refused = (err: unknown): never => {
      throw new PairingRefusedError('The link was used already, or has expired: make a new one', { cause: err })
    }

    async function tell (step: number, body: Uint8Array): Promise<void> {
      await frames.write(seal(transcript, step, body), { signal }).catch(refused)
    }

    async function hear (step: number): Promise<Uint8Array> {
      const frame = await frames.read({ signal }).catch(refused)
      const body = open(transcript, step, frame.subarray())

      if (body == null) {
        throw new PairingForgedError('The other device does not know the link')
      }

      return body
    }

    try {
      await tell(1, greeting.encode({ nonce: this.#init.random.bytes(PAIRING_NONCE_BYTES) }))

      const current = await decodeRecord(offer.decode(await hear(2)).record)

      if (current.record.identity !== identity) {
        throw new InvalidSignatureError('The other device belongs to somebody else')
      }

      const agreed = await agree(current)

      await tell(3, agreement.encode(agreed))

      const admitted = welcome.decode(await hear(4))
      const record = await decodeRecord(admitted.record)

      if (record.record.identity !== identity) {
        throw new InvalidSignatureError('The other device belongs to somebody else')
      }

      if (deviceStatus(record.record, agreed.entry.device).status !== 'open') {
        throw new PairingForgedError('The other device did not list this one')
      }

      await stream.close({ signal })

      return { record, welcome: admitted }
    } catch (err) {
      stream.abort(err instanceof Error ? err : new MalformedError('Pairing failed'))
      throw err
    }
  }
}

/** A libp2p service */
export function pairing (init: PairingInit): (components: PairingComponents) => Pairing {
  return components => new PairingService(init, components)
}
