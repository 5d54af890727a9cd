/** Reads what `strace -f` wrote: which records were acknowledged before the disk had them. */

export interface Acknowledged {
  /** Records whose acknowledgement was written */
  acked: number[]
  /** Those of them for which no sync of the file had returned that began after the record was written to it */
  early: number[]
  /** Syncs of a log that returned */
  syncs: number
}

interface Call {
  name: string
  args: string
  /** Undefined for a call that begins here and ends on a later line */
  result?: string
}

const WHOLE = /^(\d+) +(?:[\d.:]+ )?(\w+)\((.*)\) += (-?\d+)/
const BEGUN = /^(\d+) +(?:[\d.:]+ )?(\w+)\((.*?) ?<unfinished \.\.\.>$/
const RESUMED = /^(\d+) +(?:[\d.:]+ )?<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/

/** The beginning and the end of every call, in the order they happened */
function * calls (trace: string): Generator<{ thread: string, begins: boolean, ends: boolean, call: Call }> {
  const open = new Map<string, Call>()

  for (const line of trace.split('\n')) {
    const whole = WHOLE.exec(line)
    const begun = BEGUN.exec(line)
    const resumed = RESUMED.exec(line)

    if (whole != null) {
      yield { thread: whole[1], begins: true, ends: true, call: { name: whole[2], args: whole[3], result: whole[4] } }
    } else if (begun != null) {
      const call = { name: begun[2], args: begun[3] }
      open.set(begun[1], call)
      yield { thread: begun[1], begins: true, ends: false, call }
    } else if (resumed != null) {
      const call = open.get(resumed[1])
      open.delete(resumed[1])

      if (call != null) {
        call.args += resumed[3]
        call.result = resumed[4]
        yield { thread: resumed[1], begins: false, ends: true, call }
      }
    }
  }
}

export function findEarlyAcks (trace: string): Acknowledged {
  /** File descriptors of logs */
  const logs = new Set<string>()
  /** By descriptor: what was written to it and not synced yet */
  const dirty = new Map<string, Set<number>>()
  /** By thread: what a sync under way will have made durable */
  const syncing = new Map<string, Set<number>>()
  const durable = new Set<number>()
  const found: Acknowledged = { acked: [], early: [], syncs: 0 }

  for (const { thread, begins, ends, call } of calls(trace)) {
    const fd = call.args.split(',')[0].trim()

    if (call.name === 'openat' && ends && call.result != null) {
      if (/\.log"/.test(call.args)) {
        logs.add(call.result)
      } else {
        logs.delete(call.result)
      }
    } else if (call.name === 'write' && ends && logs.has(fd)) {
      const records = dirty.get(fd) ?? new Set()

      for (const [, n] of call.args.matchAll(/record-(\d{6})/g)) {
        records.add(Number(n))
      }

      dirty.set(fd, records)
    } else if ((call.name === 'fdatasync' || call.name === 'fsync') && logs.has(fd)) {
      if (begins) {
        syncing.set(thread, dirty.get(fd) ?? new Set())
        dirty.delete(fd)
      }

      if (ends && call.result === '0') {
        found.syncs++
        syncing.get(thread)?.forEach(n => durable.add(n))
        syncing.delete(thread)
      }
    } else if (call.name === 'write' && begins && fd === '1') {
      for (const [, n] of call.args.matchAll(/ack (\d+)/g)) {
        found.acked.push(Number(n))

        if (!durable.has(Number(n))) {
          found.early.push(Number(n))
        }
      }
    }
  }

  return found
}
