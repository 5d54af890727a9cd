import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'
import type { Words } from './en.ts'

export type Language = 'en' | 'zh-CN'

/** The catalogues, and what each language calls itself */
export const LANGUAGES: Record<Language, { words: Words, name: string }> = {
  en: { words: en, name: 'English' },
  'zh-CN': { words: zhCn, name: '简体中文' }
}

/** The first of the wanted languages that there is a catalogue for; English otherwise */
export function chooseLanguage (wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const main = tag.toLowerCase().split('-')[0]

    if (main === 'zh') {
      return 'zh-CN'
    }

    if (main === 'en') {
      return 'en'
    }
  }

  return 'en'
}
