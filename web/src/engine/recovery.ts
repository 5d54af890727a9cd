import { systemRandom } from '@pergola/protocols'
import { guard } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'

/** The words that bring one back when every device is lost */
export function recoveryArea ({ peer, session, wordsKept }: EngineComponents): Pick<Engine, 'recoveryWords' | 'keepWords'> {
  return {
    recoveryWords: async () => guard(async () => {
      const [entropy, { phraseFromEntropy, wordsToAsk }] = await Promise.all([peer.account.entropy(), import('./phrase.ts')])

      return { words: phraseFromEntropy(entropy).split(' '), asked: wordsToAsk(systemRandom) }
    }),

    keepWords: async answers => guard(async () => {
      const [entropy, { isWordAt, phraseFromEntropy }] = await Promise.all([peer.account.entropy(), import('./phrase.ts')])
      const phrase = phraseFromEntropy(entropy)
      const wrong = answers.filter(({ place, word }) => !isWordAt(phrase, place, word)).map(({ place }) => place)

      if (wrong.length === 0) {
        await wordsKept.set()
        await session.refresh()
      }

      return wrong
    })
  }
}
