import { expect } from 'aegir/chai'
import { spaceId } from '../../src/ids.ts'
import { MAX_INBOX_BYTES, MAX_INGEST_ENTRIES } from '../../src/sync/constants.ts'
import { Inbox } from '../../src/sync/inbox.ts'
import type { Frame } from '../../src/sync/frames.ts'
import type { Task } from '../../src/sync/inbox.ts'

const [here, there] = [1, 2].map(n => spaceId(new Uint8Array(32).fill(n)))

function entries (space: typeof here, count: number): Frame {
  return { type: 'entries', space, entries: Array.from({ length: count }, () => new Uint8Array(1)) }
}

function count (task: Task | undefined): number | undefined {
  return task != null && 'event' in task && task.event.type === 'frame' && task.event.frame.type === 'entries' ? task.event.frame.entries.length : undefined
}

describe('the inbox of a session', () => {
  let inbox: Inbox

  beforeEach(() => {
    inbox = new Inbox()
  })

  it(`joins frames of entries of one space, up to ${MAX_INGEST_ENTRIES} entries and not one more`, () => {
    inbox.addFrame(entries(here, MAX_INGEST_ENTRIES - 1), 1)
    inbox.addFrame(entries(here, 1), 1)
    inbox.addFrame(entries(here, 1), 1)
    expect(count(inbox.next())).to.equal(MAX_INGEST_ENTRIES)
    expect(count(inbox.next())).to.equal(1)
    expect(inbox.next()).to.equal(undefined)
    expect(inbox.isEmpty).to.equal(true)
  })

  it('joins nothing across another space or another task', () => {
    inbox.addFrame(entries(here, 1), 1)
    inbox.addFrame(entries(there, 2), 1)
    inbox.add({ event: { type: 'close', space: here } })
    inbox.addFrame(entries(there, 3), 1)
    expect(count(inbox.next())).to.equal(1)
    expect(count(inbox.next())).to.equal(2)
    expect(inbox.next()).to.have.nested.property('event.type', 'close')
    expect(count(inbox.next())).to.equal(3)
  })

  it('[SY36] counts what waits, and no longer what was taken out', () => {
    inbox.addFrame(entries(here, 1), MAX_INBOX_BYTES / 2)
    inbox.addFrame(entries(here, 1), MAX_INBOX_BYTES / 2)
    expect(() => { inbox.addFrame(entries(here, 1), 1) }).to.throw().with.property('name', 'SyncFloodError')

    inbox = new Inbox()
    inbox.addFrame(entries(here, 1), MAX_INBOX_BYTES)
    inbox.next()
    inbox.addFrame(entries(here, 1), MAX_INBOX_BYTES)
    expect(inbox.isEmpty).to.equal(false)
  })
})
