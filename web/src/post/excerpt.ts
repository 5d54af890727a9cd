/** Longer texts are folded */
const FOLD_CHARACTERS = 1600
const FOLD_TO = 900

/** The beginning of a long text, cut where a paragraph or at least a word ends; undefined when the text is short enough to stand whole */
export function excerpt (text: string): string | undefined {
  if (text.length <= FOLD_CHARACTERS) {
    return undefined
  }

  const start = text.slice(0, FOLD_TO)
  const paragraph = start.lastIndexOf('\n\n')

  if (paragraph > FOLD_TO / 2) {
    return start.slice(0, paragraph)
  }

  const word = start.lastIndexOf(' ')

  return (word > FOLD_TO / 2 ? start.slice(0, word) : start) + ' …'
}
