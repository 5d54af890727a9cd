/** Tells the sessions what happens in the log. */
import { wallOwner } from '../ids.ts'
import type { Session } from './session.ts'
import type { SpaceId } from '../ids.ts'
import type { Entry, Log, LogEvents } from '../log/index.ts'

/**
 * Begins to tell.
 *
 * @param log - whose events these are
 * @param sessions - those that are open at the moment of asking
 * @returns how to stop it
 */
export function feedSessions (log: Log, sessions: () => Session[]): () => void {
  /** Private spaces take their turn, since it has to be read whose records go with them */
  let turn: Promise<void> = Promise.resolve()

  const inTurn = (work: () => Promise<void>): void => {
    // a store that was closed meanwhile ends the feeding, not the program; opened again, a space tells what it has
    turn = turn.then(work).catch(() => {})
  }

  /** Others than the owner of a wall are known by their record to nobody before they wrote: it goes first */
  const onAddedByOthers = async (space: SpaceId, entries: Entry[]): Promise<void> => {
    for (const identity of new Set(entries.map(({ header }) => header.identity))) {
      const record = await log.record(identity)

      if (record != null) {
        sessions().forEach(session => { session.recordKnown(space, record) })
      }
    }

    sessions().forEach(session => { session.entriesAdded(space, entries) })
  }
  const onAdded = ({ detail: { space, entries } }: LogEvents['entries:added']): void => {
    const owner = wallOwner(space)

    if (entries.every(({ header }) => header.identity === owner)) {
      sessions().forEach(session => { session.entriesAdded(space, entries) })
    } else {
      inTurn(async () => onAddedByOthers(space, entries))
    }
  }

  const onRecord = ({ detail: { record } }: LogEvents['record:changed']): void => {
    const { identity } = record.record
    const others = new Set<SpaceId>()

    for (const session of sessions()) {
      for (const space of session.openSpaces()) {
        if (wallOwner(space) === identity) {
          session.recordChanged(space, record)
        } else if (log.mayWrite(space, identity)) {
          others.add(space)
        }
      }
    }

    for (const space of others) {
      inTurn(async () => {
        // whoever may write in a space but never did is nobody to those who share it
        if ((await log.authors(space)).includes(identity)) {
          sessions().forEach(session => { session.recordChanged(space, record) })
        }
      })
    }
  }
  const onCounts = ({ detail: { chain, views } }: LogEvents['counts:changed']): void => {
    if (views) {
      sessions().forEach(session => { session.changed(chain.space) })
    }
  }

  log.addEventListener('entries:added', onAdded)
  log.addEventListener('record:changed', onRecord)
  log.addEventListener('counts:changed', onCounts)

  return () => {
    log.removeEventListener('entries:added', onAdded)
    log.removeEventListener('record:changed', onRecord)
    log.removeEventListener('counts:changed', onCounts)
  }
}
