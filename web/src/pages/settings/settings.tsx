import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import { Backup } from './backup.tsx'
import { DirectChoice, LanguageChoice } from './choices.tsx'
import { Invite } from './invite.tsx'
import { Pairing } from './pairing.tsx'
import { Profile } from './profile.tsx'
import { ArchiveWay, DevicesWay, WordsWay } from './ways.tsx'
import type { JSX } from 'solid-js'
import '../../styles/settings.css'

export function Settings (): JSX.Element {
  const { session } = useEngine()
  const { t } = useSpeech()
  const safety = (): string => {
    if (!session().unsafe) {
      return t().settings.safe
    }

    return session().wordsKept === true ? t().settings.wordsOnly : t().settings.unsafe
  }

  return (
    <div class='page settings'>
      <h1 tabindex='-1'>{t().settings.title}</h1>
      <Profile />
      <Invite />
      <section class='setting'>
        <h2>{t().settings.safety}</h2>
        <p class={session().unsafe ? 'note' : 'good'}>{safety()}</p>
        <p class='hint'>{session().persisted ? t().settings.persisted : t().settings.notPersisted}</p>
      </section>
      <WordsWay />
      <Backup />
      <ArchiveWay />
      <DevicesWay />
      <Pairing />
      <DirectChoice />
      <LanguageChoice />
    </div>
  )
}
