/** An identity record has no room for another device, open or closed */
export class TooManyDevicesError extends Error {
  static name = 'TooManyDevicesError'
  name = 'TooManyDevicesError'
}

/** What should be a recovery phrase has too few words, or too many */
export class PhraseWordCountError extends Error {
  static name = 'PhraseWordCountError'
  name = 'PhraseWordCountError'
  readonly count: number

  constructor (count: number) {
    super(`A recovery phrase has 12 words, and ${count === 1 ? 'this is 1' : `these are ${count}`}`)
    this.count = count
  }
}

/** A word is in no recovery phrase */
export class UnknownWordError extends Error {
  static name = 'UnknownWordError'
  name = 'UnknownWordError'
  /** From 1 */
  readonly position: number
  readonly word: string
  /** What it may have been */
  readonly suggestion: string | undefined

  constructor (position: number, word: string, suggestion: string | undefined) {
    super(`Word ${position}, "${word}", is in no recovery phrase: ${suggestion == null ? 'look at what you wrote down' : `is it "${suggestion}"?`}`)
    this.position = position
    this.word = word
    this.suggestion = suggestion
  }
}

/** Twelve known words that do not belong together */
export class PhraseChecksumError extends Error {
  static name = 'PhraseChecksumError'
  name = 'PhraseChecksumError'

  constructor (options?: ErrorOptions) {
    super('These words do not belong together: check their order, and each of them', options)
  }
}
