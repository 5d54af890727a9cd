import type { Media } from '../media/index.ts'
import type { Startable } from '@libp2p/interface'

/** Media that is loaded and started at its first use: Helia is a quarter of all the code, and the first wall shows without it */
export interface LazyMedia extends Media {
  /** Begins to load */
  begin (): void
  stop (): Promise<void>
}

export function lazyMedia (open: () => Promise<Media & Startable>): LazyMedia {
  let opening: Promise<Media & Startable> | undefined

  async function media (): Promise<Media> {
    opening ??= open()

    return opening
  }

  return {
    begin () {
      // whoever uses it hears of the failure
      media().catch(() => {})
    },
    add: async bytes => (await media()).add(bytes),
    get: async (cid, size, options) => (await media()).get(cid, size, options),
    has: async cid => (await media()).has(cid),
    pin: async (cid, options) => (await media()).pin(cid, options),
    unpin: async cid => (await media()).unpin(cid),
    isPinned: async cid => (await media()).isPinned(cid),
    async * pins (options) {
      yield * (await media()).pins(options)
    },
    async stop () {
      const opened = await opening?.catch(() => undefined)

      await opened?.stop()
      opening = undefined
    }
  }
}
