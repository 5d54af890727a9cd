/** What a decoder's error is called in the vectors */
const VERDICTS: Record<string, string> = {
  MalformedError: 'malformed',
  MalformedIdError: 'malformed',
  LimitExceededError: 'limit',
  UnknownVersionError: 'unknown version',
  InvalidSignatureError: 'bad signature'
}

export async function verdictOf (decode: () => unknown): Promise<string> {
  try {
    return await decode() === false ? 'bad signature' : 'accept'
  } catch (err) {
    return VERDICTS[(err as Error).name] ?? String(err)
  }
}
