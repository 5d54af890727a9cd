/** Tells the sessions what happens in the log. */
import type { Session } from './session.ts'
import type { Log, LogEvents } from '../log/index.ts'

/**
 * Begins to tell.
 *
 * @param log - whose events these are
 * @param sessions - those that are open at the moment of asking
 * @returns how to stop it
 */
export function feedSessions (log: Log, sessions: () => Session[]): () => void {
  const onAdded = ({ detail: { space, entries } }: LogEvents['entries:added']): void => {
    sessions().forEach(session => { session.entriesAdded(space, entries) })
  }
  const onRecord = ({ detail: { record } }: LogEvents['record:changed']): void => {
    for (const session of sessions()) {
      for (const space of session.openSpaces()) {
        if (log.mayWrite(space, record.record.identity)) {
          session.recordChanged(space, record)
        }
      }
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
