/** What the list of all words is needed for: too heavy to load before the first wall. */
export { entropyFromPhrase, isWordAt, phraseFromEntropy, wordsToAsk } from '@pergola/protocols'
