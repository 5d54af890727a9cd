/** Every device is lost: the phrase, and whoever has the wall, make this device the only one of the identity. */
import { rootFromEntropy } from '../identity/index.ts'
import { publicWall } from '../ids.ts'
import { watchArriving } from './arriving.ts'
import { RECOVERY_PATIENCE_MS, SHARED_PATIENCE_MS } from './constants.ts'
import { AlreadyJoinedError, WallAwayError } from './errors.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { Sharing } from './sharing.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions } from '../interface.ts'
import type { RelayInfo } from '../relay-info/index.ts'

export interface RecoverInit {
  /** Of the phrase */
  entropy: Uint8Array
  /** Where somebody may be who has the wall */
  relays: RelayInfo[]
}

export interface RecoverProgress {
  /** The wall comes; then what own devices shared; then both are looked through, and the other devices are closed */
  step: 'wall' | 'shared' | 'devices'
  /** Entries of this step that are here, and those that are known to be elsewhere: both may grow */
  done: number
  total: number
}

export interface RecoverOptions extends AbortOptions {
  onProgress? (progress: RecoverProgress): void
}

/** What is different once this device belongs to somebody */
export interface RecoveryInit {
  parts: Pick<Parts, 'account' | 'log' | 'ownSpace' | 'relays' | 'settings' | 'walls'>
  sharing: Pick<Sharing, 'known'>
  begin (space: SpaceId): Promise<void>
}

export function createRecovery ({ parts, sharing, begin }: RecoveryInit, life: Life): (init: RecoverInit, options?: RecoverOptions) => Promise<void> {
  const { account, log, ownSpace, relays: ownRelays, settings, walls } = parts

  /** Waits as long as something comes. @throws the reason of the signals */
  async function comes (step: RecoverProgress['step'], space: SpaceId, patience: number, work: (options: AbortOptions) => Promise<void>, { signal, onProgress }: RecoverOptions): Promise<void> {
    const arriving = watchArriving({ log, spaces: [space], patience, onProgress: (done, total) => { onProgress?.({ step, done, total }) } })

    try {
      await work({ signal: AbortSignal.any([life.signal, arriving.stalled, ...signal == null ? [] : [signal]]) })
    } finally {
      arriving[Symbol.dispose]()
    }
  }

  /** All that others have of the wall, and of what own devices shared if anybody has that */
  async function fetch (space: SpaceId, own: SpaceId, { keeper }: Running, options: RecoverOptions): Promise<{ isShared: boolean }> {
    const shared = comes('shared', own, SHARED_PATIENCE_MS, async options => keeper.caughtUp(own, options), options).then(() => true, () => false)

    await comes('wall', space, RECOVERY_PATIENCE_MS, async options => keeper.caughtUp(space, options), options).catch(err => {
      options.signal?.throwIfAborted()
      life.signal.throwIfAborted()

      throw new WallAwayError('Nobody who has your wall can be reached: add a relay that you or a friend of yours used, and try again', { cause: err })
    })

    const isShared = await shared

    options.signal?.throwIfAborted()

    return { isShared }
  }

  return async ({ entropy, relays }, options = {}) => {
    const running = await life.run()
    const { keeper } = running

    if (account.me() != null) {
      throw new AlreadyJoinedError('Somebody has joined on this device already')
    }

    const { identity, ownSpaceSeed } = await rootFromEntropy(entropy)
    const [space, own] = [publicWall(identity), ownSpace.expect(identity, ownSpaceSeed)]
    const ended = new AbortController()

    ownRelays.borrow(relays, ended.signal)
    await walls.open(space)
    keeper.keep(space, relays)
    keeper.keep(own, [])

    try {
      const { isShared } = await fetch(space, own, running, options)

      if (await log.record(identity) == null) {
        throw new WallAwayError('Your wall was found, but not who may write on it: add another relay, and try again')
      }

      options.onProgress?.({ step: 'devices', done: 0, total: 1 })
      // were it killed from here on, the next start goes on
      await ownRelays.join([...relays, ...walls.peek(space)?.view().relays ?? []])
      await account.restore(entropy, { closeOthers: true })
      await settings.backedUp.update(() => true)
      await begin(space)
      options.onProgress?.({ step: 'devices', done: 1, total: 1 })

      if (isShared) {
        await comes('shared', own, SHARED_PATIENCE_MS, sharing.known, options).catch(() => {})
      }
    } finally {
      ended.abort()
      keeper.release(space)
      keeper.release(own)
    }
  }
}
