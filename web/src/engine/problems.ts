/** Turns errors of the protocols into what the catalogue has a sentence for. */
import { EngineError } from './contract.ts'
import type { EngineProblem } from './contract.ts'

const CODES: Record<string, EngineProblem['code']> = {
  LimitExceededError: 'text-too-long',
  WrongPassphraseError: 'wrong-passphrase',
  NotABackupError: 'not-a-backup',
  BackupDamagedError: 'backup-cut',
  BackupNewerError: 'backup-newer',
  BackupCutShortError: 'backup-cut',
  EmptyLinkError: 'not-an-invite',
  NotALinkError: 'not-an-invite',
  LinkCutShortError: 'not-an-invite',
  LinkDamagedError: 'not-an-invite',
  LinkTooNewError: 'invite-newer',
  MalformedIdError: 'unknown-id',
  QuotaExceededError: 'storage-full',
  InvalidStateError: 'storage-refused',
  SecurityError: 'storage-refused',
  AlreadyJoinedError: 'already-joined',
  NoRelayError: 'no-relay',
  NoRootError: 'no-root',
  PairingRefusedError: 'pairing-refused',
  PairingForgedError: 'pairing-forged',
  PairingDeclinedError: 'pairing-declined',
  DeviceAwayError: 'device-away',
  DeviceClosedError: 'device-closed',
  NoSuchDeviceError: 'no-such-device',
  PhraseWordCountError: 'words-wrong',
  UnknownWordError: 'words-wrong',
  PhraseChecksumError: 'words-wrong',
  NotAnArchiveError: 'not-an-archive',
  ArchiveNewerError: 'archive-newer',
  ArchiveCutShortError: 'archive-cut',
  ArchiveDamagedError: 'archive-damaged',
  ArchiveTooLargeError: 'archive-too-large',
  ForeignArchiveError: 'archive-foreign',
  ArchiveWithoutKeysError: 'archive-without-keys'
}

export function problem (code: EngineProblem['code'], detail: string): EngineError {
  return new EngineError({ code, detail })
}

/** An abort stays what it is; everything else becomes an `EngineError` */
export function toEngineError (error: unknown): Error {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''

  if (error instanceof EngineError || name === 'AbortError') {
    return error as Error
  }

  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const code = CODES[name] ?? pictureCode(error) ?? 'internal'

  return Object.assign(new EngineError({ code, detail }), { cause: error })
}

/** Runs one method of the engine; what it throws comes out as `toEngineError` says */
export async function guard<T> (work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (err) {
    throw toEngineError(err)
  }
}

function pictureCode (error: unknown): EngineProblem['code'] | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined

  return code === 'picture-format' || code === 'picture-too-large' ? code : undefined
}
