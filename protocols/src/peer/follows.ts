/** Walls that are kept coming: those that are followed, for good, and those that somebody looks at, for that long. */
import type { Peer, Watch } from './index.ts'
import type { Life, Parts } from './parts.ts'
import type { SpaceId } from '../ids.ts'

export interface Follows extends Pick<Peer, 'follow' | 'unfollow' | 'watch'> {
  /** Begins to keep what is followed now and was not before, and no longer keeps the rest: it may have changed on another device */
  refresh (): Promise<void>
}

export function createFollows ({ settings, walls }: Pick<Parts, 'settings' | 'walls'>, life: Life): Follows {
  const kept = new Set<SpaceId>()
  let turn: Promise<void> = Promise.resolve()

  async function compare (): Promise<void> {
    const keeper = life.running()?.keeper
    const followed = await settings.follows.get()
    const wanted = new Set(followed.map(({ space }) => space))

    if (keeper == null) {
      return
    }

    for (const { space, relays } of followed) {
      if (!kept.has(space)) {
        kept.add(space)
        await walls.open(space)
        keeper.keep(space, relays)
      }
    }

    for (const space of kept) {
      if (!wanted.has(space)) {
        kept.delete(space)
        keeper.release(space)
      }
    }
  }

  async function refresh (): Promise<void> {
    const done = turn.then(compare)

    turn = done.catch(() => {})

    return done
  }

  return {
    refresh,

    async follow (space, relays) {
      await life.run()

      const known = await settings.follows.get()

      if (known.some(follow => follow.space === space)) {
        return
      }

      await settings.follows.update(follows => [...follows, { space, relays }])
      await refresh()
      life.callAll()
      life.sessionChanged()
    },

    async unfollow (space) {
      await life.run()

      const before = await settings.follows.get()

      if (before.some(follow => follow.space === space)) {
        await settings.follows.update(follows => follows.filter(follow => follow.space !== space))
        await refresh()
        life.sessionChanged()
      }
    },

    async watch (space, relays): Promise<Watch> {
      const { keeper } = await life.run()
      let released = false

      await walls.open(space)
      keeper.keep(space, relays)

      return {
        caughtUp: async options => keeper.caughtUp(space, options),
        release: () => {
          if (!released) {
            released = true
            keeper.release(space)

            if (!keeper.keeps(space)) {
              walls.release(space)
            }
          }
        }
      }
    }
  }
}
