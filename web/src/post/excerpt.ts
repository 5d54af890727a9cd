/** Longer texts are folded, to about this much. In Latin letters; a Chinese character says twice as much */
const FOLD_LETTERS = 1600
const FOLD_TO = 900

/** The beginning of a long text, cut where a paragraph or at least a word ends; undefined when the text is short enough to stand whole */
export function excerpt (text: string): string | undefined {
  const letters = text.length + (text.match(/\p{Script=Han}/gu)?.length ?? 0)

  if (letters <= FOLD_LETTERS) {
    return undefined
  }

  const most = Math.floor(FOLD_TO * text.length / letters)
  const start = text.slice(0, most)
  const paragraph = start.lastIndexOf('\n\n')

  if (paragraph > most / 2) {
    return start.slice(0, paragraph)
  }

  const word = start.lastIndexOf(' ')

  return (word > most / 2 ? start.slice(0, word) : start.replace(/[\uD800-\uDBFF]$/, '')) + ' …'
}
