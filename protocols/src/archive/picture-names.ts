import { MEDIA_FOLDER } from './constants.ts'
import type { ImageRef, MediaRef, WallView } from '../wall/index.ts'

const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' }

/** A picture as people find it in the archive */
export interface NamedPicture {
  name: string
  ref: MediaRef
}

function extension ({ type }: MediaRef): string {
  return EXTENSIONS[type] ?? 'bin'
}

/** Names for the large variant of every picture of a wall, by the text of its CID; the oldest first. Rules: specs/archive.md [AR4] */
export function namePictures ({ posts, profile }: Pick<WallView, 'posts' | 'profile'>): Map<string, NamedPicture> {
  const named = new Map<string, NamedPicture>()
  const ofDay = new Map<string, number>()

  function add ({ large }: ImageRef, name: () => string): void {
    const key = large.cid.toString()

    if (!named.has(key)) {
      named.set(key, { name: `${MEDIA_FOLDER}${name()}.${extension(large)}`, ref: large })
    }
  }

  for (const { time, images } of posts.toReversed()) {
    const [day] = new Date(time).toISOString().split('T')

    for (const image of images ?? []) {
      add(image, () => {
        const number = (ofDay.get(day) ?? 0) + 1

        ofDay.set(day, number)

        return `${day}-${String(number).padStart(2, '0')}`
      })
    }
  }

  if (profile?.avatar != null) {
    add(profile.avatar, () => 'profile')
  }

  return named
}
