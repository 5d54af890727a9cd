import { PeerStoppedError } from './errors.ts'
import type { Document } from './documents.ts'
import type { Life, Parts } from './parts.ts'
import type { SpaceId } from '../ids.ts'
import type { Sync } from '../sync/index.ts'

/** Whether this device knows every entry that it ever wrote in a space: else it must not write there, or its chain would split for good */
export interface OwnChain {
  isKnown (): Promise<boolean>
  /** Resolves once it is. @throws {PeerStoppedError} */
  known (): Promise<void>
  /** Learns from whoever has the chain and has sent all of it. Who was sent it from here first tells nothing any more until the next start */
  learn (sync: Pick<Sync, 'addEventListener' | 'shown'>): Promise<void>
}

export interface OwnChainInit extends Pick<Parts, 'account' | 'log'> {
  /** Whether it may lack entries */
  unsure: Document<boolean>
  space (): SpaceId
  /**
   * Whether nobody has anything of the space, as far as those can tell who were asked and have nothing (texts of their PeerIds)
   *
   * @default never: somebody else may have it
   */
  isNowhere? (asked: ReadonlySet<string>): Promise<boolean>
}

export function ownChain ({ account, isNowhere, log, space: spaceOf, unsure }: OwnChainInit, life: Pick<Life, 'run' | 'signal'>): OwnChain {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  /** Peers that did not have it when they were first asked */
  const taught = new Set<string>()

  promise.catch(() => {})
  life.signal.addEventListener('abort', () => { reject(new PeerStoppedError('The peer was stopped before it had heard of its own entries')) }, { once: true })

  return {
    isKnown: async () => !await unsure.get(),

    async known () {
      if (await unsure.get()) {
        await life.run()
        await promise
      }
    },

    async learn (sync) {
      if (!await unsure.get()) {
        return
      }

      const { identity, device } = account.requireMe()
      const space = spaceOf()
      const settle = (): void => { unsure.update(() => false).then(() => { resolve() }, reject) }
      const isEmpty = await log.chain({ space, identity, device }) == null

      sync.addEventListener('space:caught-up', ({ detail: { peer, space: told } }) => {
        const name = peer.toString()

        if (told !== space || taught.has(name)) {
          return
        }

        const { chains } = sync.shown(peer, space)

        // whoever has the wall and nothing of this device shows that nobody has seen anything of it
        if (chains.some(chain => chain.device === device) || (isEmpty && chains.length > 0)) {
          settle()
        } else {
          taught.add(name)
          isNowhere?.(taught).then(nowhere => {
            if (nowhere) {
              settle()
            }
          }, () => {})
        }
      }, { signal: life.signal })
    }
  }
}
