/** The recovery phrase as people write, type and mistype it. Rules: specs/identity.md [ID10], [ID41], [ID42]. */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { LimitExceededError } from '../errors.ts'
import { PhraseChecksumError, PhraseWordCountError, UnknownWordError } from './errors.ts'
import { nearest } from './nearest-word.ts'
import type { Random } from '../interface.ts'

export const PHRASE_WORDS = 12
/** Words that a person is asked to say again */
export const ASKED_WORDS = 3
/** Typed or pasted, with numbers and line breaks */
export const MAX_PHRASE_CHARACTERS = 2_000

export function phraseFromEntropy (entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist)
}

/** Words in lower case, without accents, numbers, punctuation and what cannot be seen */
function wordsOf (text: string): string[] {
  if (text.length > MAX_PHRASE_CHARACTERS) {
    throw new LimitExceededError('This is too long for a recovery phrase: it has 12 words')
  }

  return text.normalize('NFKD').replace(/[\p{M}\p{Cf}]/gu, '').toLowerCase().split(/[^\p{L}]+/u).filter(word => word !== '')
}

/**
 * Reads a phrase in any case, over any lines, with or without numbers before the words.
 *
 * @throws {PhraseWordCountError} if they are not twelve words
 * @throws {UnknownWordError} for the first that is in no phrase, with the word it may have been
 * @throws {PhraseChecksumError} if all are known and do not belong together
 * @throws {LimitExceededError} if it is longer than any phrase
 */
export function entropyFromPhrase (text: string): Uint8Array {
  const words = wordsOf(text)

  if (words.length !== PHRASE_WORDS) {
    throw new PhraseWordCountError(words.length)
  }

  const unknown = words.findIndex(word => !wordlist.includes(word))

  if (unknown >= 0) {
    throw new UnknownWordError(unknown + 1, words[unknown], nearest(words[unknown], wordlist))
  }

  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch (err) {
    throw new PhraseChecksumError({ cause: err })
  }
}

/** Positions, from 1 and ascending, of the words that a person is asked for to show that the phrase was written down */
export function wordsToAsk (random: Random): number[] {
  const left = Array.from({ length: PHRASE_WORDS }, (_, i) => i + 1)
  const asked: number[] = []

  while (asked.length < ASKED_WORDS) {
    const [byte] = random.bytes(1)

    // bytes past the last whole multiple would make some words likelier
    if (byte < 256 - 256 % left.length) {
      asked.push(...left.splice(byte % left.length, 1))
    }
  }

  return asked.sort((a, b) => a - b)
}

/** Whether what was typed is the word at a position, from 1 */
export function isWordAt (phrase: string, position: number, typed: string): boolean {
  const words = wordsOf(typed)

  return words.length === 1 && words[0] === wordsOf(phrase)[position - 1]
}
