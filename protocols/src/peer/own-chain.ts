import type { Life, Parts } from './parts.ts'

/** Whether this device knows every entry that it ever wrote on its wall: else it must not write, or its chain would split for good */
export interface OwnChain {
  isKnown (): Promise<boolean>
  /** Resolves once it is. @throws {PeerStoppedError} */
  known (): Promise<void>
}

export function ownChain ({ account, settings }: Pick<Parts, 'account' | 'settings'>, life: Pick<Life, 'run' | 'signal'>): OwnChain {
  return {
    isKnown: async () => !await settings.unsure.get(),

    async known () {
      if (await settings.unsure.get()) {
        const { keeper } = await life.run()

        await keeper.caughtUp(account.requireMe().space, { signal: life.signal })
        await settings.unsure.update(() => false)
      }
    }
  }
}
