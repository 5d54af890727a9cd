import type { Language } from '../words/index.tsx'

/** The language a text is marked with: the one the page speaks if its script fits, else none, for a wrong mark is worse than none */
export function textLanguage (text: string, spoken: Language): string | undefined {
  const han = /\p{Script=Han}/u.test(text)
  const other = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]/u.test(text)

  if (other) {
    return undefined
  }

  return han === (spoken === 'zh-CN') ? spoken : undefined
}
