const FILLER = 'The lake was frozen this morning, and we walked all the way across, slowly, with the dog in front of us. '
const TEXT_BYTES = 200
const NUMBERED = /Post (\d+) of \d+\./

/** Text of a numbered post; its entry is about 600 bytes, of which these are 200 */
export function numberedText (index: number, of: number): string {
  return `Post ${index} of ${of}. ${FILLER.repeat(2)}`.slice(0, TEXT_BYTES)
}

/** The number of a post, if it has one */
export function numberIn (text: string): number | undefined {
  const found = NUMBERED.exec(text)

  return found == null ? undefined : Number(found[1])
}
