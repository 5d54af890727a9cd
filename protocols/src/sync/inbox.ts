/** What a session has to deal with, one after the other: events, and effects that could not be performed at once. */
import { MAX_INBOX_BYTES, MAX_INGEST_ENTRIES } from './constants.ts'
import { SyncFloodError } from './errors.ts'
import type { Effect, SyncEvent } from './events.ts'
import type { Frame } from './frames.ts'

export type Task = { event: SyncEvent } | { effect: Effect }

type Waiting = Task & { bytes: number }

export class Inbox {
  private readonly waiting: Waiting[] = []
  private bytes = 0

  get isEmpty (): boolean {
    return this.waiting.length === 0
  }

  add (task: Task): void {
    this.waiting.push({ ...task, bytes: 0 })
  }

  /**
   * @param frame - came in
   * @param bytes - as it was encoded
   * @throws {SyncFloodError} if more wait than an honest peer can have sent
   */
  addFrame (frame: Frame, bytes: number): void {
    this.bytes += bytes

    if (this.bytes > MAX_INBOX_BYTES) {
      throw new SyncFloodError('The peer sends faster than it was allowed to')
    }

    this.waiting.push({ event: { type: 'frame', frame }, bytes })
  }

  /** The next task. Entries that came in several frames are joined, so that they are written with one fsync */
  next (): Task | undefined {
    const task = this.shift()
    const first = entriesOf(task)

    if (first == null) {
      return task
    }

    const { space } = first
    const entries = [...first.entries]
    let next = entriesOf(this.waiting[0])

    while (next != null && next.space === space && entries.length + next.entries.length <= MAX_INGEST_ENTRIES) {
      entries.push(...next.entries)
      this.shift()
      next = entriesOf(this.waiting[0])
    }

    return { event: { type: 'frame', frame: { type: 'entries', space, entries } } }
  }

  clear (): void {
    this.waiting.length = 0
  }

  private shift (): Waiting | undefined {
    const task = this.waiting.shift()

    this.bytes -= task?.bytes ?? 0

    return task
  }
}

function entriesOf (task: Task | undefined): Extract<Frame, { type: 'entries' }> | undefined {
  return task != null && 'event' in task && task.event.type === 'frame' && task.event.frame.type === 'entries' ? task.event.frame : undefined
}
