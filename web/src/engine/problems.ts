/** Turns errors of the protocols into what the catalogue has a sentence for. */
import type { EngineProblem } from './contract.ts'

/** What every call of the engine rejects with */
export class EngineError extends Error {
  static name = 'EngineError'
  name = 'EngineError'
  readonly problem: EngineProblem

  constructor (problem: EngineProblem, options?: ErrorOptions) {
    super(problem.detail, options)
    this.problem = problem
  }
}

const CODES: Record<string, EngineProblem['code']> = {
  PictureFormatError: 'picture-format',
  PictureTooLargeError: 'picture-too-large',
  LimitExceededError: 'text-too-long',
  WrongPassphraseError: 'wrong-passphrase',
  NotABackupError: 'not-a-backup',
  BackupNewerError: 'backup-newer',
  BackupCutError: 'backup-cut',
  NotAnInviteError: 'not-an-invite',
  InviteNewerError: 'invite-newer',
  MalformedIdError: 'unknown-id',
  QuotaExceededError: 'storage-full',
  InvalidStateError: 'storage-refused',
  SecurityError: 'storage-refused',
  AlreadyJoinedError: 'already-joined',
  NoRelayError: 'no-relay'
}

export function problem (code: EngineProblem['code'], detail: string): EngineError {
  return new EngineError({ code, detail })
}

export function toEngineError (error: unknown): EngineError {
  if (error instanceof EngineError) {
    return error
  }

  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)

  return new EngineError({ code: CODES[name] ?? 'internal', detail }, { cause: error })
}
