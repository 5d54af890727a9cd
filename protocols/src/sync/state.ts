/**
 * One sync stream as a state machine: events in, effects out. It reads no clock, no log and no network.
 *
 * Both sides say what they have of a space (`have`). Each then knows what the other lacks: records first, fork proofs, then entries,
 * the newest of every chain first. What comes into the log later is added to what the other lacks, so live entries take the same way.
 * A `have` may be repeated at any time and replaces the one before. Here is what counts for the whole stream; what happens to one space
 * is in shared-space.ts. Rules: specs/sync.md.
 */
import { MAX_SYNC_SPACES, SYNC_FRAME_BYTES } from '../limits.ts'
import { Allowance } from './allowance.ts'
import { SyncFloodError } from './errors.ts'
import { SharedSpace } from './shared-space.ts'
import type { Effect, EventOf, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'
import type { Shown } from './index.ts'
import type { SpaceId } from '../ids.ts'

export class SyncState {
  private readonly spaces = new Map<SpaceId, SharedSpace>()
  private readonly allowance = new Allowance()
  private effects: Effect[] = []

  handle (event: SyncEvent): Effect[] {
    this.effects = []

    switch (event.type) {
      case 'frame':
        this.onFrame(event.frame)
        break
      case 'ready':
        this.onReady()
        break
      case 'open':
        (this.spaces.get(event.space) ?? this.create(event.space)).open(event.receipts)
        break
      case 'sent':
        this.allowance.sent(event.bytes)
        this.spaces.get(event.space)?.sent(event)
        break
      case 'close':
        this.drop(event.space, 'close')
        break
      case 'denied':
        this.drop(event.space, 'refused')
        // what came of it counts, taken or not
        this.grant()
        break
      case 'ingested':
        this.onIngested(event)
        break
      default:
        this.spaces.get('space' in event ? event.space : event.chain.space)?.handle(event)
        break
    }

    return this.effects
  }

  /** Spaces open on this stream and told by both sides */
  isShared (space: SpaceId): boolean {
    return this.spaces.get(space)?.isShared === true
  }

  shown (space: SpaceId): Shown | undefined {
    return this.spaces.get(space)?.shown
  }

  has (space: SpaceId): boolean {
    return this.spaces.has(space)
  }

  openSpaces (): SpaceId[] {
    return [...this.spaces.keys()]
  }

  private do (effect: Effect): void {
    this.effects.push(effect)
  }

  private create (space: SpaceId): SharedSpace {
    const shared = new SharedSpace(space, effect => { this.do(effect) })

    this.spaces.set(space, shared)

    return shared
  }

  private drop (space: SpaceId, say: 'close' | 'refused'): void {
    if (this.spaces.delete(space)) {
      this.do({ type: 'send', frame: { type: say, space } })
    }
  }

  private onFrame (frame: Frame): void {
    switch (frame.type) {
      case 'more':
        this.allowance.granted(frame.bytes)
        break
      case 'entries':
        this.takeEntries(frame.space, frame.entries)
        break
      case 'have':
        this.onHave(frame)
        break
      case 'refused':
      case 'close':
        if (this.spaces.delete(frame.space)) {
          this.do({ type: 'notify', event: 'space:refused', space: frame.space })
        }
        break
      default:
        // one that was closed here while the frame was on its way is not known any more
        this.spaces.get('space' in frame ? frame.space : frame.chain.space)?.onFrame(frame)
        break
    }
  }

  private takeEntries (space: SpaceId, entries: Uint8Array[]): void {
    const bytes = entries.reduce((sum, entry) => sum + entry.length, 0)

    if (!this.allowance.received(bytes)) {
      this.do({ type: 'fail', error: new SyncFloodError('The peer sent more entries than it was asked for') })
    } else if (this.spaces.has(space)) {
      this.do({ type: 'ingest', space, entries })
    } else {
      // closed here while the frame was on its way
      this.grant()
    }
  }

  private onHave (frame: Extract<Frame, { type: 'have' }>): void {
    const { space } = frame
    const known = this.spaces.get(space)

    if (known == null && this.spaces.size >= MAX_SYNC_SPACES) {
      this.do({ type: 'send', frame: { type: 'refused', space } })
    } else {
      (known ?? this.create(space)).onHave(frame)
    }
  }

  private onIngested ({ space, result }: EventOf<'ingested'>): void {
    const bad = result.refused.filter(({ reason }) => reason === 'bad-signature' || reason === 'wrong-space').length

    if (!this.allowance.blame(bad)) {
      this.do({ type: 'fail', error: new SyncFloodError('The peer sends entries that nobody signed') })
      return
    }

    this.spaces.get(space)?.ingested(result)
    this.grant()
  }

  private grant (): void {
    const bytes = this.allowance.grant()

    if (bytes > 0) {
      this.do({ type: 'send', frame: { type: 'more', bytes } })
    }
  }

  /** The next entries to go: spaces and chains take turns */
  private onReady (): void {
    for (const [space, shared] of this.spaces) {
      if (!shared.isAtRest) {
        continue
      }

      if (shared.hasPending) {
        if (!this.allowance.takesFrame) {
          return
        }

        const slice = shared.takeSlice()

        if (slice != null) {
          // to the end of the line
          this.spaces.delete(space)
          this.spaces.set(space, shared)
          this.do({ type: 'read', space, ...slice, maxBytes: SYNC_FRAME_BYTES })

          return
        }
      }

      shared.sayCaughtUp()
    }
  }
}
