/** The sentence for a person in any error */
export function sentence (error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return sentence(error.errors[0])
  }

  return error instanceof Error ? error.message : String(error)
}
