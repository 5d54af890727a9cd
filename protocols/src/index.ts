/**
 * Everything that two peers must agree on. What needs libp2p or Helia has entry points of its own, so that a page can load it when it needs it:
 * `peer` (everything composed), `hub` (the services that relays run), `media`, `storage/level`, `storage/idb`, `testing`.
 */
export { InvalidSignatureError, isSendersFault, LimitExceededError, MalformedError, MalformedIdError, NotStartedError } from './errors.ts'
export { deviceId, entryCid, entryId, entryIdFromCid, fromHex, idBytes, identityFromText, identityId, identityToText, payloadCid, publicWall, spaceId, toHex, wallOwner } from './ids.ts'
export type { DeviceId, EntryId, IdentityId, SpaceId } from './ids.ts'
export { systemClock, systemRandom } from './interface.ts'
export type { AbortOptions, Clock, Random, RangeOptions, Store, StoreOp, WriteOptions } from './interface.ts'
export * as limits from './limits.ts'
export { decodeCanonical, encode } from './codec/index.ts'
export { ASKED_WORDS, compareRecords, createEntropy, decodeRecord, deviceStatus, encodeSafetyCode, entropyFromPhrase, isGoodKey, isSameSafety, isWordAt, MAX_PHRASE_CHARACTERS, MAX_SAFETY_CODE_CHARACTERS, PHRASE_WORDS, PhraseChecksumError, phraseFromEntropy, PhraseWordCountError, proveDevice, rootFromEntropy, safetyNumber, signerFromKeyPair, signerFromSeed, signRecord, strictVerifier, TooManyDevicesError, UnknownWordError, verify, wordsToAsk } from './identity/index.ts'
export type { ClosedDevice, DeviceEntry, DeviceRole, IdentityRecord, Root, SafetySubject, SignedRecord, Signer } from './identity/index.ts'
export { decodeEntry, encodeEntry, readEntry, signEntry, verifyEntry } from './log/index.ts'
export type { ChainKey, ChainState, Entry, EntryHeader, IngestResult, Log } from './log/index.ts'
export { isPrivateSpace, privateSpaceId } from './space/index.ts'
export { createWall, decodePayload, encodePayload } from './wall/index.ts'
export type { ImageRef, MediaRef, Payload, PostContent, PostView, Wall, WallView } from './wall/index.ts'
export { decodeRelayInfo, decodeSignedRelayInfo, encodeRelayInfo, peerKey, peerSigner, readRelayInfo, relayInfoValue, signRelayInfo } from './relay-info/index.ts'
export type { RelayInfo } from './relay-info/index.ts'
export { decodeInvite, decodePairing, encodeInvite, encodePairing } from './invite/index.ts'
export type { Invite, Pairing as PairingLink } from './invite/index.ts'
export { createSafeKey, importSafeKey, memoryStore, prefixStore, safe, SAFE_KEY_BYTES } from './storage/index.ts'
export type { Safe } from './storage/index.ts'
