/** Proportion (width by height) under which and over which a picture is cut to fit the grid; opened, it is whole */
const NARROWEST = 0.5
const WIDEST = 3

/** A row is full when its pictures, side by side, are this wide for their height */
const ROW = 2.2

export function proportion (size: { width: number, height: number }): number {
  const ratio = size.width / size.height

  return Number.isFinite(ratio) && ratio > 0 ? Math.min(WIDEST, Math.max(NARROWEST, ratio)) : 1
}

/** Cuts a sequence of proportions into rows of like height, in order; no row holds a lone picture when it can be avoided. Returns how many stand in each row */
export function pictureRows (ratios: number[]): number[] {
  const rows: number[] = []
  let count = 0
  let width = 0

  for (const ratio of ratios) {
    count++
    width += ratio

    if (width >= ROW && (count > 1 || ratio >= ROW)) {
      rows.push(count)
      count = 0
      width = 0
    }
  }

  if (count > 0) {
    // a small rest joins the row above rather than towering over it
    if (rows.length > 0 && width < ROW / 2 && rows[rows.length - 1] < 4) {
      rows[rows.length - 1] += count
    } else {
      rows.push(count)
    }
  }

  return rows
}
