import { onCleanup } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import type { Picked } from './picked-pictures.tsx'

/** The pictures of a draft. They are kept over a reload; their addresses are freed when they go */
export interface Pictures {
  list: Picked[]
  /** Takes the pictures among the files while there is room. Says what it left out */
  add (files: Iterable<File>): 'not-a-picture' | 'too-many' | undefined
  describe (at: number, alt: string): void
  /** They were posted, or are not wanted any more */
  discard (ids: string[]): void
}

/** What keeps them is loaded when the first page is shown already */
const keeping = async (): Promise<typeof import('../state/draft-pictures.ts')> => import('../state/draft-pictures.ts')

export function createPictures (most: number): Pictures {
  const [list, setList] = createStore<Picked[]>([])
  let gone = false

  const keep = async ({ id, file, alt }: Picked): Promise<void> => {
    try {
      await (await keeping()).keepPicture({ id, file, alt })
    } catch {
      setList(picture => picture.id === id, 'kept', false)
    }
  }
  const restore = async (): Promise<void> => {
    const found = await (await keeping()).loadPictures()

    if (!gone) {
      setList(produce(list => {
        const here = new Set(list.map(({ id }) => id))
        const before = found.filter(({ id }) => !here.has(id)).slice(0, most - list.length)

        list.unshift(...before.map(picture => ({ ...picture, url: URL.createObjectURL(picture.file), kept: true })))
      }))
    }
  }

  // a browser that keeps nothing has nothing to bring back
  restore().catch(() => {})
  onCleanup(() => {
    gone = true

    for (const { url } of list) {
      URL.revokeObjectURL(url)
    }
  })

  return {
    list,
    add (files) {
      const all = [...files]
      const pictures = all.filter(isPicture)
      const room = pictures.slice(0, most - list.length)

      for (const file of room) {
        const picture: Picked = { id: crypto.randomUUID(), file, url: URL.createObjectURL(file), alt: '', kept: true }

        setList(produce(list => { list.push(picture) }))
        void keep(picture)
      }

      if (room.length < pictures.length) {
        return 'too-many'
      }

      return pictures.length < all.length ? 'not-a-picture' : undefined
    },
    describe (at, alt) {
      const { id } = list[at]

      setList(at, 'alt', alt)
      keeping().then(async kept => kept.describePicture(id, alt)).catch(() => {})
    },
    discard (ids) {
      for (const { id, url } of list) {
        if (ids.includes(id)) {
          URL.revokeObjectURL(url)
        }
      }

      setList(list => list.filter(({ id }) => !ids.includes(id)))
      keeping().then(async kept => kept.forgetPictures(ids)).catch(() => {})
    }
  }
}

function isPicture (file: File): boolean {
  // some systems give photographs of phones no type
  return file.type.startsWith('image/') || (file.type === '' && /\.(heic|heif|avif|jpe?g|png|webp|gif)$/i.test(file.name))
}
