/** What one stream may still carry of entries, in both directions, and how much of it was wrong. Rules: specs/sync.md [SY30] to [SY33]. */
import { MAX_SYNC_ROUND_BYTES, SYNC_FRAME_BYTES } from '../limits.ts'
import { GRANT_BYTES, MAX_BAD_ENTRIES } from './constants.ts'

export class Allowance {
  /** Bytes of entries that may still be sent */
  private outgoing = MAX_SYNC_ROUND_BYTES
  /** Bytes of entries that the other side may still send */
  private incoming = MAX_SYNC_ROUND_BYTES
  /** Bytes dealt with and not yet granted again */
  private owed = 0
  private bad = 0

  /** Whether a whole frame of entries may go out */
  get takesFrame (): boolean {
    return this.outgoing >= SYNC_FRAME_BYTES
  }

  /** Entries went out */
  sent (bytes: number): void {
    this.outgoing -= bytes
  }

  /** The other side allows more */
  granted (bytes: number): void {
    this.outgoing = Math.min(this.outgoing + bytes, MAX_SYNC_ROUND_BYTES)
  }

  /** Entries came in; false if the other side was not allowed to send so many */
  received (bytes: number): boolean {
    this.incoming -= bytes
    this.owed += bytes

    return this.incoming >= 0
  }

  /** How many bytes the other side is to be allowed now, 0 if it can wait */
  grant (): number {
    const bytes = this.owed >= GRANT_BYTES ? this.owed : 0

    this.incoming += bytes
    this.owed -= bytes

    return bytes
  }

  /** So many entries were somebody's fault; false if those were too many in all */
  blame (entries: number): boolean {
    this.bad += entries

    return this.bad <= MAX_BAD_ENTRIES
  }
}
