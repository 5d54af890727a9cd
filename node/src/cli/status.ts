import type { HomeStatus } from '../control/contract.ts'

const STATES: Record<string, string> = { connected: 'connected', connecting: 'connecting …', refused: 'refuses for now', offline: 'cannot be reached' }

export function printStatus (status: HomeStatus): string {
  if (status.identity == null) {
    return `Not paired yet. In your browser open Settings, "Home node", and run the command it shows.\nData: ${status.data}`
  }

  return [
    `Home of ${status.name ?? 'your wall'}`,
    `Posts: ${status.posts}. Pictures kept: ${status.media.held} of ${status.media.wanted}.`,
    ...status.relays.map(({ name, state }) => `Relay ${name}: ${STATES[state] ?? state}`),
    `Data: ${status.data}`
  ].join('\n')
}

/** @param code - six digits */
export function printCode (code: string): string {
  return `Code: ${code.slice(0, 3)} ${code.slice(3)}\nYour browser asks whether this is the same code: say yes only if it is.`
}
