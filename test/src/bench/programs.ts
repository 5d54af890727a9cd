import { extname, join } from 'node:path'

/** The programs that benchmarks start lie beside them, as sources where these are sources and built where these are built */
export function benchProgram (name: string): string {
  return join(import.meta.dirname, `${name}${extname(import.meta.filename)}`)
}

/** Tells whoever started this program, as one line of JSON */
export function tell (event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

/** Resolves when this program is asked to end */
export async function asked (): Promise<void> {
  await new Promise<void>(resolve => {
    process.once('SIGTERM', () => { resolve() })
    process.once('SIGINT', () => { resolve() })
  })
}
