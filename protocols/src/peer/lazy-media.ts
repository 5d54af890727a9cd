import type { Media, Pins } from '../media/index.ts'

export interface OpenMedia {
  media: Media
  pins: Pins
  stop (): Promise<void>
}

/** Media that is loaded and started at its first use: Helia is a quarter of all the code, and the first wall shows without it */
export interface LazyMedia extends Media {
  /** Begins to load */
  begin (): void
  /** How holders are asked to keep files */
  protocol (): Promise<Pins>
  stop (): Promise<void>
}

export function lazyMedia (open: () => Promise<OpenMedia>): LazyMedia {
  let opening: Promise<OpenMedia> | undefined

  async function opened (): Promise<OpenMedia> {
    opening ??= open()

    return opening
  }

  async function media (): Promise<Media> {
    return (await opened()).media
  }

  return {
    begin () {
      // whoever uses it hears of the failure
      opened().catch(() => {})
    },
    protocol: async () => (await opened()).pins,
    add: async bytes => (await media()).add(bytes),
    get: async (cid, size, options) => (await media()).get(cid, size, options),
    has: async cid => (await media()).has(cid),
    pin: async (cid, options) => (await media()).pin(cid, options),
    unpin: async cid => (await media()).unpin(cid),
    isPinned: async cid => (await media()).isPinned(cid),
    async * blocks (cid, options) {
      yield * (await media()).blocks(cid, options)
    },
    async * content (cid, size, options) {
      yield * (await media()).content(cid, size, options)
    },
    check: async (cid, options) => (await media()).check(cid, options),
    take: async (cid, options) => (await media()).take(cid, options),
    async * pins (options) {
      yield * (await media()).pins(options)
    },
    async stop () {
      const running = await opening?.catch(() => undefined)

      await running?.stop()
      opening = undefined
    }
  }
}
