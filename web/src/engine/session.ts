import { identityToText, publicWall, wallOwner } from '@pergola/protocols'
import { watched } from './watchers.ts'
import type { EngineComponents } from './components.ts'
import type { Session, Unsubscribe } from './contract.ts'
import type { IdentityId } from '@pergola/protocols'

/** Who one is and whom one follows: asked of the store once, so that pages can be made without waiting */
export interface SessionState {
  watch (listener: (session: Session) => void): Unsubscribe
  /** Resolves when the session shows everything that had happened by now */
  refresh (): Promise<void>
  /** As of the last refresh, like `hasHome` */
  follows (): IdentityId[]
  hasHome (): boolean
}

export function createSession ({ peer, views, invited, wordsKept, signal }: Omit<EngineComponents, 'session'>): SessionState {
  const { account, settings, walls } = peer
  const session = watched<Session>(() => now)
  let now: Session = { phase: 'starting', unsafe: false, persisted: false, following: [], direct: true }
  let follows: IdentityId[] = []
  let hasHome = false
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  async function read (): Promise<void> {
    const me = account.me()
    const followed = await settings.follows.get()

    for (const { space } of followed) {
      await walls.open(space)
    }

    const invitation = [...invited.values()].at(-1)
    const own = me == null ? undefined : await walls.open(me.space)
    const record = me == null ? undefined : await account.record()

    follows = followed.map(({ space }) => wallOwner(space))
    hasHome = record?.record.devices.some(({ role }) => role === 'home') ?? false
    now = {
      phase: me == null ? 'new' : 'ready',
      ...(me == null ? {} : { me: views.person(me.identity, own?.view().profile) }),
      unsafe: me != null && !hasHome && !await settings.backedUp.get(),
      wordsKept: me != null && await wordsKept.get(),
      persisted: await navigator.storage?.persisted?.() ?? false,
      following: follows.map(identity => views.person(identity, walls.peek(publicWall(identity))?.view().profile)),
      direct: await settings.direct.get(),
      ...(invitation == null
        ? {}
        : { invitedBy: { id: identityToText(invitation.identity), name: walls.peek(publicWall(invitation.identity))?.view().profile?.name ?? invitation.name ?? '' } })
    }
    session.changed()
  }

  async function refresh (): Promise<void> {
    // one that runs may have read before what has changed since
    next ??= running.then(async () => {
      const reading = read()

      next = undefined
      running = reading.catch(() => {})

      return reading
    })

    return next
  }

  // what cannot be read now is said to whoever asks for it
  const onChange = (): void => { refresh().catch(() => {}) }

  peer.walls.addEventListener('wall:changed', onChange, { signal })
  peer.addEventListener('session:changed', onChange, { signal })
  peer.deliveries.addEventListener('delivery:changed', onChange, { signal })

  return {
    watch: listener => session.watch(listener),
    refresh,
    follows: () => follows,
    hasHome: () => hasHome
  }
}
