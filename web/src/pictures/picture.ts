export interface PictureVariant {
  bytes: Uint8Array
  /** Media type: `image/jpeg`, or `image/webp` where something is transparent (`image/png` where the browser writes no WebP) */
  type: string
  width: number
  height: number
}

export interface PreparedPicture {
  /** At most 1,280 pixels on the longer side */
  small: PictureVariant
  /** At most 2,560 pixels on the longer side; the same object as `small` where that is all there is */
  large: PictureVariant
  /** A picture of at most 16 pixels and 1,024 bytes, WebP or JPEG; empty where there is none */
  blur: Uint8Array
}

/** What the worker says */
export type WorkerAnswer =
  | { type: 'progress', done: number, total: number }
  | { type: 'done', picture: PreparedPicture }
  | { type: 'failed', code: 'picture-format' | 'picture-too-large' | 'internal', detail: string }
