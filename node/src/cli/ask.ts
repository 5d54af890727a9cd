import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { NoPassphraseError, PassphrasesDifferError } from '../errors.ts'

/** Where passphrases come from: a person at a terminal, or lines of standard input */
export interface Asker {
  ask (question: string): Promise<string>
  close (): void
}

/**
 * @param stdin - lines of standard input, for scripts; otherwise a terminal, which shows nothing of what is typed
 * @throws {NoPassphraseError} if there is no terminal to ask at
 */
export function createAsker (stdin: boolean): Asker {
  if (!stdin && !process.stdin.isTTY) {
    throw new NoPassphraseError('There is no terminal to ask for the passphrase at: add --stdin and write it to standard input')
  }

  const muted = new Writable({ write: (_chunk, _encoding, done) => { done() } })
  const lines = createInterface({ input: process.stdin, ...(stdin ? {} : { output: muted, terminal: true }) })
  const reading = stdin ? lines[Symbol.asyncIterator]() : undefined
  const stopped = new AbortController()

  lines.once('SIGINT', () => { stopped.abort() })

  return {
    async ask (question) {
      if (reading != null) {
        const { value } = await reading.next()

        if (typeof value !== 'string' || value === '') {
          throw new NoPassphraseError('A line with a passphrase is missing on standard input')
        }

        return value
      }

      process.stderr.write(`${question}: `)

      try {
        return await lines.question('', { signal: stopped.signal })
      } catch (err) {
        throw new NoPassphraseError('No passphrase was given', { cause: err })
      } finally {
        process.stderr.write('\n')
      }
    },
    close () { lines.close() }
  }
}

/** A new one, asked for twice where somebody types it. @throws {PassphrasesDifferError} */
export async function askForNew (asker: Asker, stdin: boolean): Promise<string> {
  const first = await asker.ask('New passphrase')

  if (!stdin && await asker.ask('The same again') !== first) {
    throw new PassphrasesDifferError('The two are not the same: nothing was changed')
  }

  return first
}
