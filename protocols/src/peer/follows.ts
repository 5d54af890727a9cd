/** Walls that are kept coming: those that are followed, for good, and those that somebody looks at, for that long. */
import type { Peer, Watch } from './index.ts'
import type { Life, Parts } from './parts.ts'

export type Follows = Pick<Peer, 'follow' | 'unfollow' | 'watch'>

export function createFollows ({ settings, walls }: Pick<Parts, 'settings' | 'walls'>, life: Life): Follows {
  return {
    async follow (space, relays) {
      const { keeper } = await life.run()
      const known = await settings.follows.get()

      if (known.some(follow => follow.space === space)) {
        return
      }

      await settings.follows.update(follows => [...follows, { space, relays }])
      await walls.open(space)
      keeper.keep(space, relays)
      life.callAll()
      life.sessionChanged()
    },

    async unfollow (space) {
      const { keeper } = await life.run()
      const before = await settings.follows.get()

      if (before.some(follow => follow.space === space)) {
        await settings.follows.update(follows => follows.filter(follow => follow.space !== space))
        keeper.release(space)
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
