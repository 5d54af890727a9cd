/** Who: root, identity record, and the one strict verifier. Rules: specs/identity.md. */
export { signerFromKeyPair, signerFromSeed } from './keys.ts'
export type { Signer } from './keys.ts'
export { createEntropy, ENTROPY_BYTES, entropyFromPhrase, phraseFromEntropy, rootFromEntropy } from './root.ts'
export type { Root } from './root.ts'
export { compareRecords, decodeRecord, deviceStatus, proveDevice, signRecord } from './record.ts'
export type { ClosedDevice, DeviceEntry, DeviceRole, IdentityRecord, SignedRecord } from './record.ts'
export { isGoodKey, SIGNATURE_BYTES, strictVerifier, verify } from './verify.ts'
export type { StrictVerifier, StrictVerifierInit } from './verify.ts'
