import type { Square } from './crop.ts'
import type { PictureVariant } from '../pictures/index.ts'

/** Longer than it is ever shown, on a sharp screen too */
const SIDE = 512
/** It is encoded once more before it is published */
const QUALITY = 0.95

/** The square as a picture of its own, of 512 pixels at most */
export async function cutSquare ({ bytes, type }: PictureVariant, { left, top, side }: Square): Promise<Blob> {
  const out = Math.min(SIDE, side)
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }), left, top, side, side, { resizeWidth: out, resizeHeight: out, resizeQuality: 'high' })
  const canvas = new OffscreenCanvas(out, out)

  canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
  bitmap.close()

  return canvas.convertToBlob({ type, quality: QUALITY })
}
