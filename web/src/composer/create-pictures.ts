import { onCleanup } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import type { Picked } from './picked-pictures.tsx'

/** The pictures of a draft; frees their addresses when they go */
export interface Pictures {
  list: Picked[]
  /** Takes the pictures among the files while there is room. Says what it left out */
  add (files: Iterable<File>): 'not-a-picture' | 'too-many' | undefined
  describe (at: number, alt: string): void
  remove (at: number): void
  clear (): void
}

export function createPictures (most: number): Pictures {
  const [list, setList] = createStore<Picked[]>([])
  const clear = (): void => {
    for (const picture of list) {
      URL.revokeObjectURL(picture.url)
    }

    setList([])
  }

  onCleanup(clear)

  return {
    list,
    clear,
    add (files) {
      const all = [...files]
      const pictures = all.filter(isPicture)
      const room = pictures.slice(0, most - list.length)

      setList(produce(list => {
        for (const file of room) {
          list.push({ file, url: URL.createObjectURL(file), alt: '' })
        }
      }))

      if (room.length < pictures.length) {
        return 'too-many'
      }

      return pictures.length < all.length ? 'not-a-picture' : undefined
    },
    describe (at, alt) {
      setList(at, 'alt', alt)
    },
    remove (at) {
      URL.revokeObjectURL(list[at].url)
      setList(produce(list => { list.splice(at, 1) }))
    }
  }
}

function isPicture (file: File): boolean {
  // some systems give photographs of phones no type
  return file.type.startsWith('image/') || (file.type === '' && /\.(heic|heif|avif|jpe?g|png|webp|gif)$/i.test(file.name))
}
