import type { Signer } from '../identity/index.ts'

/** Where a device keeps its secrets, sealed at rest. Node and browsers bring their own */
export interface KeyStore {
  get (name: SecretName): Promise<Uint8Array | undefined>
  /** Resolves once durable */
  put (name: SecretName, secret: Uint8Array): Promise<void>
  /** The device's signing key, made at the first call; non-extractable where the platform can */
  deviceSigner (): Promise<Signer>
}

/**
 * `transport`: libp2p private key, protobuf. `entropy`: of the recovery phrase. `device-x25519`: private half of what is sealed to this
 * device. `reading`: private half of the key that own devices share; `reading-0`, `reading-1`, …: those it had before, oldest first. `own`:
 * seed of the space that own devices share, where it does not follow from `entropy`.
 */
export type SecretName = 'transport' | 'entropy' | 'device-x25519' | 'reading' | `reading-${number}` | 'own'
