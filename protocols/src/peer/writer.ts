/** Writes on one's own wall: at once, or, while entries of this device may be missing here, as soon as they are known. */
import { sha256 } from '../hash.ts'
import { toHex } from '../ids.ts'
import { NoSuchPostError, PeerStoppedError } from './errors.ts'
import type { Account } from './account.ts'
import type { OwnChain } from './own-chain.ts'
import type { Kept, Waiting, WaitingBook } from './waiting.ts'
import type { Clock } from '../interface.ts'
import type { ChainKey, Entry, Log } from '../log/index.ts'

export interface WriterInit {
  account: Pick<Account, 'requireMe' | 'append'>
  clock: Clock
  log: Pick<Log, 'chain' | 'read'>
  ownChain: Pick<OwnChain, 'isKnown' | 'known'>
  waiting: WaitingBook
  /** What waits is different now */
  changed (): void
  /** Fires when the peer stops */
  signal: AbortSignal
}

export interface Writer {
  /**
   * Resolves once the entry is durable. Where it has to wait it is durable as something that waits before that, and goes out later also if
   * nobody awaits it any more.
   *
   * @throws {TooManyWaitingError} and then nothing was kept
   * @throws {PeerStoppedError} if it waits on for the next start
   */
  write (payload: Uint8Array): Promise<Entry>
  /** What waits, oldest first */
  waiting (): Waiting[]
  /** Takes back what waits. @throws {NoSuchPostError} if it does not wait any more */
  discard (id: number): Promise<void>
  /** What waited when the peer was stopped goes out when it may */
  begin (): void
}

export function createWriter ({ account, clock, log, ownChain, waiting, changed, signal }: WriterInit): Writer {
  /** Whoever awaits what waits, by its id */
  const awaited = new Map<number, PromiseWithResolvers<Entry>>()
  let turn: Promise<unknown> = Promise.resolve()
  let isSending = false

  async function inTurn<T> (work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)

    turn = done.catch(() => {})

    return done
  }

  function chain (): ChainKey {
    const { space, identity, device } = account.requireMe()

    return { space, identity, device }
  }

  async function keep (payload: Uint8Array): Promise<PromiseWithResolvers<Entry>> {
    const head = (await log.chain(chain()))?.head
    const { id } = await waiting.add(payload, { from: head == null ? 0 : head.seq + 1, time: clock.now() })
    const entry = Promise.withResolvers<Entry>()

    awaited.set(id, entry)
    changed()
    begin()

    return entry
  }

  /** What was appended before a kill and still waits, by the digest of its payload */
  async function appended (kept: Kept[]): Promise<Map<string, Entry>> {
    const found = new Map<string, Entry>()

    // all of it was taken back
    if (kept.length === 0) {
      return found
    }

    const digests = new Set(kept.map(({ bytes }) => toHex(sha256(bytes))))

    for await (const entry of log.read(chain(), { from: Math.min(...kept.map(({ from }) => from)) })) {
      const digest = toHex(entry.header.payload)

      if (digests.has(digest)) {
        found.set(digest, entry)
      }
    }

    return found
  }

  /** Sends the oldest, and says whether there was one */
  async function sendNext (known: Map<string, Entry>): Promise<boolean> {
    const [next] = waiting.list()

    if (next == null) {
      isSending = false

      return false
    }

    signal.throwIfAborted()

    const entry = known.get(toHex(sha256(next.bytes))) ?? await account.append(next.bytes, next.time)

    await waiting.delete(next.id)
    awaited.get(next.id)?.resolve(entry)
    awaited.delete(next.id)
    changed()

    return true
  }

  async function sendAll (): Promise<void> {
    await ownChain.known()

    const known = await appended(waiting.list())
    let more = true

    while (more) {
      more = await inTurn(async () => sendNext(known))
    }
  }

  function begin (): void {
    if (isSending || waiting.list().length === 0) {
      return
    }

    isSending = true
    sendAll().catch(err => {
      isSending = false

      const failure = signal.aborted ? new PeerStoppedError('The peer was stopped: what was written is kept, and goes out after the next start', { cause: err }) : err

      awaited.forEach(({ reject }) => { reject(failure) })
      awaited.clear()
    })
  }

  return {
    begin,
    waiting: () => waiting.list().map(({ id, time, payload }) => ({ id, time, payload })),

    async write (payload) {
      const written = await inTurn(async () => waiting.list().length === 0 && await ownChain.isKnown()
        ? { promise: account.append(payload) }
        : keep(payload))

      return written.promise
    },

    async discard (id) {
      await inTurn(async () => {
        if (!waiting.list().some(kept => kept.id === id)) {
          throw new NoSuchPostError('This does not wait any more')
        }

        await waiting.delete(id)
        awaited.get(id)?.reject(new NoSuchPostError('It was taken back'))
        awaited.delete(id)
        changed()
      })
    }
  }
}
