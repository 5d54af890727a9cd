import { identityFromText, publicWall } from '@pergola/protocols'
import { preparePicture } from '../pictures/index.ts'
import { meter } from './meter.ts'
import { guard, problem } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'
import type { ImageRef } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

/** Pictures of others, and of one's own, as bytes to show */
export function mediaArea ({ peer, views }: EngineComponents): Pick<Engine, 'media'> {
  return {
    media: async (key, options = {}) => guard(async () => {
      const file = views.file(key)

      if (file == null) {
        throw problem('internal', 'A picture was asked for that no page has shown')
      }

      const bytes = await peer.fetch(publicWall(identityFromText(key.owner)), file, {
        ...(options.signal == null ? {} : { signal: options.signal }),
        onProgress: meter('bytes', options.onProgress)
      })

      return new Blob([new Uint8Array(bytes)], { type: key.type })
    })
  }
}

/**
 * Prepares a picture that somebody chose and adds its variants to the mesh. `onShare` is told how much is done, from 0 to 1.
 *
 * @throws {PictureFormatError | PictureTooLargeError}
 */
export async function addPicture (peer: Peer, file: Blob, alt: string, onShare?: (share: number) => void): Promise<ImageRef> {
  const { media } = peer
  const { small, large, blur } = await preparePicture(file, { onProgress: (done, total) => { onShare?.(done / total) } })
  const addedSmall = await media.add(small.bytes)
  const addedLarge = large === small ? addedSmall : await media.add(large.bytes)

  return {
    small: { ...addedSmall, type: small.type, width: small.width, height: small.height },
    large: { ...addedLarge, type: large.type, width: large.width, height: large.height },
    blur,
    alt
  }
}
