/** What of a picture becomes a square. No pixels here: only where it lies. */

/** How many times smaller than the largest square it may be */
export const MAX_ZOOM = 4

export interface Crop {
  /** 1, the largest square there is, to `MAX_ZOOM` */
  zoom: number
  /** Where the square lies in the room that it has, from 0, left and top, to 1, right and bottom */
  x: number
  y: number
}

/** In pixels of the picture, within it */
export interface Square {
  left: number
  top: number
  side: number
}

export interface Size {
  width: number
  height: number
}

export function squareOf ({ width, height }: Size, { zoom, x, y }: Crop): Square {
  const side = Math.max(1, Math.round(Math.min(width, height) / zoom))

  return { left: Math.round((width - side) * x), top: Math.round((height - side) * y), side }
}

/** The crop after the picture under it was moved by so many sides of the square, right and down */
export function moved (size: Size, crop: Crop, right: number, down: number): Crop {
  const { side } = squareOf(size, crop)

  return { ...crop, x: shifted(crop.x, right * side, size.width - side), y: shifted(crop.y, down * side, size.height - side) }
}

function shifted (at: number, by: number, room: number): number {
  return room <= 0 ? at : Math.min(1, Math.max(0, at - by / room))
}
