/** Reads what `strace -f -ttt -T -y` wrote about a program that keeps its walls in LevelDB. */

export interface LogSync {
  /** Seconds since the epoch at which the call began, and returned */
  began: number
  ended: number
}

export interface LogWrite {
  at: number
  /** What was written, as far as it was recorded */
  bytes: string
  /** How many bytes it was */
  length: number
}

export interface StoreTrace {
  writes: LogWrite[]
  syncs: LogSync[]
  /** Moments at which anything went out over a socket */
  sends: number[]
}

interface Begun {
  name: string
  at: number
  args: string
}

const LINE = /^(\d+) +(\d+\.\d+) (.*)$/
const WHOLE = /^(\w+)\((.*)\) += (-?\d+).*?(?:<([\d.]+)>)?$/
const UNFINISHED = /^(\w+)\((.*?) ?<unfinished \.\.\.>$/
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)\) += (-?\d+).*?(?:<([\d.]+)>)?$/

/**
 * @param trace - what strace wrote
 * @param folder - of the store whose log is meant, as the kernel names it
 */
export function readTrace (trace: string, folder: string): StoreTrace {
  const begun = new Map<string, Begun>()
  const found: StoreTrace = { writes: [], syncs: [], sends: [] }

  function note ({ name, at, args }: Begun, result: string, ended: number): void {
    const isLog = args.includes(`<${folder}/`) && /^\d+<[^>]*\.log>/.test(args)
    const isSocket = /^\d+<(?:socket|TCP|UNIX)/.test(args)

    if (Number(result) < 0) {
      return
    }

    if ((name === 'fdatasync' || name === 'fsync') && isLog) {
      found.syncs.push({ began: at, ended })
    } else if (name.startsWith('write') && isLog) {
      found.writes.push({ at: ended, bytes: args, length: Number(result) })
    } else if (isSocket && /^(?:write|writev|send|sendto|sendmsg)$/.test(name)) {
      found.sends.push(at)
    }
  }

  for (const line of trace.split('\n')) {
    const [, thread, time, rest] = LINE.exec(line) ?? []

    if (rest == null) {
      continue
    }

    const at = Number(time)
    const whole = WHOLE.exec(rest)
    const unfinished = UNFINISHED.exec(rest)
    const resumed = RESUMED.exec(rest)

    if (resumed != null) {
      const call = begun.get(thread)

      begun.delete(thread)

      if (call != null) {
        note({ ...call, args: call.args + resumed[2] }, resumed[3], at)
      }
    } else if (whole != null) {
      note({ name: whole[1], at, args: whole[2] }, whole[3], at + Number(whole[4] ?? 0))
    } else if (unfinished != null) {
      begun.set(thread, { name: unfinished[1], at, args: unfinished[2] })
    }
  }

  return found
}
