/**
 * pairing `/pergola/pair/1.0.0`: a new device becomes one of an identity's, by a link that was shown on a device that holds the root, once a
 * person has seen the same code on both. Everything is authenticated by the secret of the link and bound to the two connected peers.
 * Rules: specs/pairing.md.
 */
import { PAIRING_PROTOCOL, PAIRING_TIMEOUT_MS } from './constants.ts'
import { PairingRefusedError } from './errors.ts'
import { hostSide } from './host.ts'
import { joinBy } from './join.ts'
import type { PairingHostSide } from './host.ts'
import type { Agreement, Welcome } from './messages.ts'
import type { DeviceEntry, SignedRecord } from '../identity/index.ts'
import type { IdentityId } from '../ids.ts'
import type { AbortOptions, Clock, Random } from '../interface.ts'
import type { PeerId, Startable } from '@libp2p/interface'
import type { ConnectionManager, Registrar } from '@libp2p/interface-internal'

export { claims, decodeClaim, encodeClaim } from './claim.ts'
export type { Claim, ClaimInit, Claims } from './claim.ts'
export { PairingDeclinedError, PairingForgedError, PairingRefusedError } from './errors.ts'
export { CONFIRMATION_TIMEOUT_MS, MAX_PAIRED_PEERS, MAX_PAIRED_READING_KEYS, MAX_PAIRING_FRAME_BYTES, PAIRING_PROTOCOL, PAIRING_SECRET_BYTES, PAIRING_TIMEOUT_MS } from './constants.ts'
export type { Agreement, Welcome } from './messages.ts'

/** What the listing device does for a new one */
export interface PairingHost {
  record (): Promise<SignedRecord>
  /**
   * Asks the person whether the new device shows this code, six digits. Left out only where the secret came to the new device without
   * leaving the machine. `deviceName` is what the new device calls itself, 1 to 64 bytes of anything; the signal fires when an answer no
   * longer matters.
   */
  confirm? (code: string, deviceName: string, options: { signal: AbortSignal }): Promise<boolean>
  /** Lists the new device in the next record and says what it must know */
  admit (agreement: Agreement, peer: PeerId): Promise<Welcome>
}

export interface PairingInit {
  clock: Clock
  random: Random
  /** A signal that fires after so many milliseconds; @default AbortSignal.timeout */
  timeout? (ms: number): AbortSignal
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

/** What a link says */
export interface PairingTarget {
  peer: PeerId
  identity: IdentityId
  secret: Uint8Array
}

/** The device that wants to be listed */
export interface NewDevice {
  /** 1 to 64 bytes */
  name: string
  /** Agrees to be listed from that record on: the same device each time */
  agree (from: number): Promise<DeviceEntry>
}

export interface JoinOptions extends AbortOptions {
  /** The code to show, six digits: from now on the person at the other device is asked */
  onCode? (code: string): void
}

export interface Joined {
  /** Lists the new device */
  record: SignedRecord
  welcome: Welcome
}

export interface Pairing extends Startable {
  /** Waits for one new device; an earlier offer ends */
  offer (host: PairingHost): OpenPairing
  /**
   * Becomes a device of the identity in a link.
   *
   * @throws {PairingRefusedError | PairingForgedError | PairingDeclinedError | MalformedError | InvalidSignatureError}
   */
  join (target: PairingTarget, device: NewDevice, options?: JoinOptions): Promise<Joined>
}

class PairingService implements Pairing {
  readonly #init: Required<PairingInit>
  readonly #components: PairingComponents
  readonly #host: PairingHostSide
  #started = false

  constructor (init: PairingInit, components: PairingComponents) {
    this.#init = { timeout: ms => AbortSignal.timeout(ms), ...init }
    this.#components = components
    this.#host = hostSide(this.#init, components.peerId)
  }

  async start (): Promise<void> {
    if (this.#started) {
      return
    }

    this.#started = true
    await this.#components.registrar.handle(PAIRING_PROTOCOL, async (stream, connection) => this.#host.admit(stream, connection), {
      runOnLimitedConnection: true, maxInboundStreams: 2
    })
  }

  async stop (): Promise<void> {
    if (!this.#started) {
      return
    }

    this.#started = false
    this.#host.stop()
    await this.#components.registrar.unhandle(PAIRING_PROTOCOL)
  }

  offer (host: PairingHost): OpenPairing {
    return this.#host.offer(host)
  }

  async join (target: PairingTarget, device: NewDevice, options: JoinOptions = {}): Promise<Joined> {
    const { connectionManager, peerId } = this.#components
    const signal = AbortSignal.any([this.#init.timeout(PAIRING_TIMEOUT_MS), ...options.signal == null ? [] : [options.signal]])
    const stream = await connectionManager.openStream(target.peer, PAIRING_PROTOCOL, { signal, runOnLimitedConnection: true }).catch(err => {
      options.signal?.throwIfAborted()
      throw new PairingRefusedError('The other device does not answer: keep it open and connected, and try again', { cause: err })
    })

    return joinBy(stream, this.#init, peerId, target, device, options)
  }
}

/** A libp2p service */
export function pairing (init: PairingInit): (components: PairingComponents) => Pairing {
  return components => new PairingService(init, components)
}
