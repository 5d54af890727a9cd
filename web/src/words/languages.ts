import { en } from './en.ts'
import type { Words } from './en.ts'

export type Language = 'en' | 'zh-CN'

/** The catalogues, and what each language calls itself. English is always there; another one is loaded by whoever reads it */
export const LANGUAGES: Record<Language, { name: string, load (): Promise<Words> }> = {
  en: { name: 'English', load: async () => en },
  'zh-CN': { name: '简体中文', load: async () => (await import('./zh-cn.ts')).zhCn }
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
