import { Show, createContext, createEffect, createMemo, createSignal, on, useContext } from 'solid-js'
import { en } from './en.ts'
import { createFormat } from './format.ts'
import { LANGUAGES, chooseLanguage } from './languages.ts'
import type { Words } from './en.ts'
import type { Format } from './format.ts'
import type { Language } from './languages.ts'
import type { Accessor, JSX } from 'solid-js'

export type { Words } from './en.ts'
export type { Language } from './languages.ts'
export { LANGUAGES } from './languages.ts'

/** What is said, and how, in the language of the moment */
export interface Speech {
  t: Accessor<Words>
  format: Accessor<Format>
  language: Accessor<Language>
  /** What the person chose; undefined follows the browser */
  chosen: Accessor<Language | undefined>
  choose (language: Language | undefined): void
}

const STORED_AS = 'language'
const Context = createContext<Speech>()

export function SpeechProvider (props: { children: JSX.Element }): JSX.Element {
  const [chosen, setChosen] = createSignal(stored())
  const wanted = createMemo(() => chosen() ?? chooseLanguage(navigator.languages))
  const [spoken, setSpoken] = createSignal<{ language: Language, words: Words } | undefined>(wanted() === 'en' ? { language: 'en', words: en } : undefined)
  const language = createMemo(() => spoken()?.language ?? 'en')
  const format = createMemo(() => createFormat(language()))

  createEffect(on(wanted, next => {
    const speak = (language: Language, words: Words): void => {
      if (wanted() === next) {
        setSpoken({ language, words })
      }
    }

    // better in English than not at all
    LANGUAGES[next].load().then(words => { speak(next, words) }, () => { speak('en', en) })
  }))
  createEffect(() => {
    document.documentElement.lang = language()
  })

  const speech: Speech = {
    t: () => spoken()?.words ?? en,
    format,
    language,
    chosen,
    choose (next) {
      setChosen(next)

      if (next == null) {
        localStorage.removeItem(STORED_AS)
      } else {
        localStorage.setItem(STORED_AS, next)
      }
    }
  }

  return <Context.Provider value={speech}><Show when={spoken()}>{props.children}</Show></Context.Provider>
}

export function useSpeech (): Speech {
  const speech = useContext(Context)

  if (speech == null) {
    throw new Error('useSpeech outside of a SpeechProvider')
  }

  return speech
}

/** Words that are loaded together with the page that says them */
export function usePageWords<PageWords> (catalogues: Record<Language, PageWords>): Accessor<PageWords> {
  const { language } = useSpeech()

  return () => catalogues[language()]
}

function stored (): Language | undefined {
  const text = localStorage.getItem(STORED_AS)

  return text != null && text in LANGUAGES ? text as Language : undefined
}
