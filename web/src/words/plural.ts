/** Forms by plural category of the language; `#` stands for the number */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/** Chooses the form for a number and writes the number into it as the language does */
export function plural (language: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)

  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', numbers.format(n))
}
