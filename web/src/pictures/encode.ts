/** Decodes a picture and encodes its variants; runs in a worker. */
import { hasMetadata, imageKind, imageSize, stripImage } from '@pergola/protocols/pictures'
import { PictureFormatError, PictureTooLargeError } from './errors.ts'
import { BLUR_SIDE, HEAD_BYTES, LARGE_SIDE, MAX_BLUR_BYTES, MAX_PIXELS, QUALITY, SMALL_SIDE } from './limits.ts'
import type { PictureVariant, PreparedPicture } from './picture.ts'

const STEPS = 4
/** Tried for the placeholder until it is small enough */
const BLUR_QUALITIES = [0.6, 0.3, 0.1]

type Source = ImageBitmap | OffscreenCanvas

async function decode (file: Blob): Promise<{ bitmap: ImageBitmap, mayBeTransparent: boolean }> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  const kind = imageKind(head)
  const size = imageSize(head)

  if (kind == null || size == null || size.width === 0 || size.height === 0) {
    throw new PictureFormatError(kind == null ? 'Not a picture of a known kind' : `A ${kind} picture cannot be read here`)
  }

  if (size.width * size.height > MAX_PIXELS) {
    throw new PictureTooLargeError(`${size.width} × ${size.height} pixels`)
  }

  try {
    const bitmap = await createImageBitmap(file.slice(0, file.size, `image/${kind}`), { imageOrientation: 'from-image' })

    return { bitmap, mayBeTransparent: kind !== 'jpeg' }
  } catch (err) {
    throw new PictureFormatError(`The ${kind} picture is damaged`, { cause: err })
  }
}

/** Never larger than it is */
function scaled (source: Source, side: number): OffscreenCanvas {
  const factor = Math.min(1, side / Math.max(source.width, source.height))
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(source.width * factor)), Math.max(1, Math.round(source.height * factor)))
  const context = contextOf(canvas)
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, 0, 0, canvas.width, canvas.height)

  return canvas
}

function contextOf (canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d')

  if (context == null) {
    throw new Error('This browser gives no canvas to draw on')
  }

  return context
}

function isTransparent (canvas: OffscreenCanvas): boolean {
  const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height)

  for (let i = 3; i < data.length; i += 4) {
    if (data[i] !== 255) {
      return true
    }
  }

  return false
}

async function encode (canvas: OffscreenCanvas, type: string, quality: number): Promise<PictureVariant> {
  const blob = await canvas.convertToBlob({ type, quality })
  const bytes = stripImage(new Uint8Array(await blob.arrayBuffer()))

  if (hasMetadata(bytes)) {
    throw new Error('Something besides the picture would have been published')
  }

  return { bytes, type: blob.type, width: canvas.width, height: canvas.height }
}

async function placeholder (canvas: OffscreenCanvas): Promise<Uint8Array> {
  // in steps of at most eight to one: otherwise only a few of the pixels would count
  const tiny = scaled(scaled(canvas, BLUR_SIDE * 8), BLUR_SIDE)

  for (const quality of BLUR_QUALITIES) {
    for (const type of ['image/webp', 'image/jpeg']) {
      const { bytes, type: written } = await encode(tiny, type, quality)

      // a browser that does not write the type writes PNG
      if (written === type && bytes.length <= MAX_BLUR_BYTES) {
        return bytes
      }
    }
  }

  return new Uint8Array()
}

/** @throws {PictureFormatError | PictureTooLargeError} */
export async function encodePicture (file: Blob, onProgress: (done: number, total: number) => void): Promise<PreparedPicture> {
  const { bitmap, mayBeTransparent } = await decode(file)
  onProgress(1, STEPS)
  const largeCanvas = scaled(bitmap, LARGE_SIDE)
  bitmap.close()
  const smallCanvas = scaled(largeCanvas, SMALL_SIDE)
  const type = mayBeTransparent && isTransparent(smallCanvas) ? 'image/webp' : 'image/jpeg'
  const small = await encode(smallCanvas, type, QUALITY)
  onProgress(2, STEPS)
  const large = largeCanvas.width === smallCanvas.width && largeCanvas.height === smallCanvas.height
    ? small
    : await encode(largeCanvas, type, QUALITY)
  onProgress(3, STEPS)
  const blur = await placeholder(smallCanvas)
  onProgress(STEPS, STEPS)

  return { small, large, blur }
}
