import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { ASKED_WORDS, createEntropy, entropyFromPhrase, isWordAt, MAX_PHRASE_CHARACTERS, PHRASE_WORDS, phraseFromEntropy, wordsToAsk } from '../../src/identity/index.ts'
import { nearest } from '../../src/identity/nearest-word.ts'
import { fromHex } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'

const ENTROPY = fromHex('00112233445566778899aabbccddeeff')
const WORDS = phraseFromEntropy(ENTROPY).split(' ')

/** The phrase with the word at a position, from 1, in place of its own */
function withWord (position: number, word: string): string {
  return WORDS.with(position - 1, word).join(' ')
}

function problem (text: string): Error {
  try {
    entropyFromPhrase(text)
  } catch (err) {
    return err as Error
  }

  throw new Error('It was taken')
}

describe('recovery phrase', () => {
  it('[ID10] makes twelve words of 16 bytes, and the bytes of the words', () => {
    const entropy = createEntropy(systemRandom)
    const phrase = phraseFromEntropy(entropy)

    expect(entropy).to.have.lengthOf(16)
    expect(phrase.split(' ')).to.have.lengthOf(12)
    expect(entropyFromPhrase(phrase)).to.deep.equal(entropy)
  })

  it('[ID41] is read as people write it', () => {
    for (const text of [
      `  ${WORDS.join(' ').toUpperCase().split(' ').join('\n \t')} `,
      WORDS.map((word, i) => `${i + 1}. ${word}`).join('\n'),
      WORDS.map((word, i) => `${i + 1})${word};`).join(''),
      WORDS.join(', '),
      WORDS.join('\u3000'),
      `“${WORDS.join(' – ')}”`,
      WORDS.map(word => `${word.slice(0, 2)}\u200b${word.slice(2)}\ufeff`).join(' '),
      // full-width letters, and accents that a keyboard may add
      WORDS.join(' ').replace(/[a-z]/g, letter => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
      WORDS.join(' ').replaceAll('e', 'é').replaceAll('a', 'a\u0308'),
      WORDS.join(' ').replaceAll('i', '\u0130')
    ]) {
      expect(entropyFromPhrase(text), text).to.deep.equal(ENTROPY)
    }
  })

  it('[ID41] says how many words there are, where they are not twelve', () => {
    const cases: Array<[string, number]> = [['', 0], ['abandon', 1], [WORDS.slice(1).join(' '), 11], [[...WORDS, WORDS[0]].join(' '), 13], [`${'abandon '.repeat(23)}art`, 24]]

    for (const [text, count] of cases) {
      expect(problem(text)).to.include({ name: 'PhraseWordCountError', count })
    }

    expect(problem('abandon').message).to.equal('A recovery phrase has 12 words, and this is 1')
    expect(problem('').message).to.equal('A recovery phrase has 12 words, and these are 0')
  })

  it('[ID41] names the first word that is in no phrase, its position, and what it may have been', () => {
    expect(problem(withWord(3, 'pergola'))).to.include({ name: 'UnknownWordError', position: 3, word: 'pergola', suggestion: undefined })
    expect(problem(withWord(12, 'abandn')))
      .to.include({ name: 'UnknownWordError', position: 12, suggestion: 'abandon', message: 'Word 12, "abandn", is in no recovery phrase: is it "abandon"?' })
    expect(problem(withWord(1, 'пароль'))).to.include({ name: 'UnknownWordError', position: 1, suggestion: undefined })
  })

  it('[ID41] says that known words do not belong together', () => {
    for (const text of [[WORDS[1], WORDS[0], ...WORDS.slice(2)].join(' '), 'abandon '.repeat(12)]) {
      expect(problem(text)).to.have.property('name', 'PhraseChecksumError')
    }
  })

  it('[ID41] refuses a text that is one character longer than any phrase', () => {
    const phrase = WORDS.join(' ')

    expect(entropyFromPhrase(phrase.padEnd(MAX_PHRASE_CHARACTERS))).to.deep.equal(ENTROPY)
    expect(problem(phrase.padEnd(MAX_PHRASE_CHARACTERS + 1))).to.have.property('name', 'LimitExceededError')
  })

  it('[ID41] whatever is typed, it is read or refused by name', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.array(fc.constantFrom(...WORDS, 'x', '7'), { minLength: 10, maxLength: 14 }).map(words => words.join(' '))), text => {
      try {
        expect(entropyFromPhrase(text)).to.have.length(16)
      } catch (err) {
        expect(err).to.be.an.instanceOf(Error).with.property('name').that.is.oneOf(['PhraseWordCountError', 'UnknownWordError', 'PhraseChecksumError'])
      }
    }), { numRuns: 1_000 })
  })

  it('[ID41] finds the word for one wrong, missing, doubled or swapped letter, or its beginning', () => {
    const cases: Array<[string, string | undefined]> = [
      ['abandn', 'abandon'], ['abandoon', 'abandon'], ['abadnon', 'abandon'], ['abamdon', 'abandon'], ['aban', 'abandon'], ['zooo', 'zoo'], ['recieve', 'receive'],
      ['x', undefined], ['', undefined], ['q'.repeat(17), undefined], ['xylophon', undefined]
    ]

    for (const [typed, word] of cases) {
      expect(nearest(typed, wordlist), typed).to.equal(word)
    }
  })

  it(`[ID42] asks for ${ASKED_WORDS} different words, each as often as the others`, () => {
    const counts = new Array<number>(PHRASE_WORDS).fill(0)
    let state = 1
    // a fixed sequence: the counts below are always the same
    const random = {
      bytes: (length: number) => Uint8Array.from({ length }, () => {
        state = Math.imul(state, 1_103_515_245) + 12_345 >>> 0

        return state >>> 16 & 0xff
      })
    }

    for (let i = 0; i < 4_000; i++) {
      const asked = wordsToAsk(random)

      expect(new Set(asked).size).to.equal(ASKED_WORDS)
      expect(asked).to.deep.equal(asked.toSorted((a, b) => a - b))
      asked.forEach(position => { counts[position - 1]++ })
    }

    for (const count of counts) {
      expect(count).to.be.within(900, 1_100)
    }

    expect(wordsToAsk(systemRandom).every(position => position >= 1 && position <= PHRASE_WORDS)).to.equal(true)
  })

  it('[ID42] knows the word that was asked for, as people type it', () => {
    const phrase = WORDS.join(' ')

    expect(isWordAt(phrase, 3, ` ${WORDS[2].toUpperCase()}.`)).to.equal(true)

    for (const typed of ['', WORDS[3], `${WORDS[2]} ${WORDS[2]}`, WORDS[2].slice(1)]) {
      expect(isWordAt(phrase, 3, typed), typed).to.equal(false)
    }
  })
})
