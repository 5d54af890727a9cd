/** Which word of a list somebody may have meant. */

/** Letters that may be wrong, missing, too many or swapped with their neighbour */
const MAX_DISTANCE = 2
/** In the lists of BIP-39 so many letters tell a word */
const TELLING_LETTERS = 4
/** Longer ones are near to nothing */
const MAX_LETTERS = 16

/** Optimal string alignment: changes, with a swap of neighbours as one */
function distance (a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]

  for (let i = 1; i <= a.length; i++) {
    const row = [i]

    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity

      row.push(Math.min(row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + same, swapped))
    }

    rows.push(row)
  }

  return rows[a.length][b.length]
}

/** The one word that begins alike, or else the one that differs least, the first in the list of several; undefined if none is near */
export function nearest (typed: string, words: string[]): string | undefined {
  if (typed.length > MAX_LETTERS) {
    return undefined
  }

  const beginning = typed.length < TELLING_LETTERS ? undefined : words.find(word => word.startsWith(typed))

  if (beginning != null) {
    return beginning
  }

  let best: string | undefined
  let least = Math.min(MAX_DISTANCE, typed.length - 1) + 1

  for (const word of words) {
    if (Math.abs(word.length - typed.length) < least) {
      const found = distance(typed, word)

      if (found < least) {
        best = word
        least = found
      }
    }
  }

  return best
}
