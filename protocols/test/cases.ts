/** How many cases a property is tried with: PERGOLA_CASES of the environment, or 5,000 */
export const cases = Number(globalThis.process?.env.PERGOLA_CASES ?? 5_000)
