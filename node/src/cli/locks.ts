/** `pergola passphrase`, `lock`, `unlock` and `panic` */
import { askForNew, createAsker } from './ask.ts'
import type { ControlCalls, LockState } from '../control/contract.ts'

/** Asks for what is needed: the passphrase there is, and a new one unless it is only to be removed */
export async function changePassphrase (calls: ControlCalls, { stdin, remove }: { stdin: boolean, remove: boolean }): Promise<LockState> {
  const before = await calls.state()

  if (remove && !before.protected) {
    return before
  }

  const asker = createAsker(stdin)

  try {
    const current = before.protected ? await asker.ask('Passphrase') : undefined
    const next = remove ? undefined : await askForNew(asker, stdin)

    return await calls.passphrase({ ...(current == null ? {} : { current }), ...(next == null ? {} : { next }) })
  } finally {
    asker.close()
  }
}

export async function unlock (calls: ControlCalls, { stdin }: { stdin: boolean }): Promise<LockState> {
  const before = await calls.state()

  if (!before.locked) {
    return before
  }

  const asker = createAsker(stdin)

  try {
    return await calls.unlock({ passphrase: await asker.ask('Passphrase') })
  } finally {
    asker.close()
  }
}

export function lockText ({ locked, protected: isProtected }: LockState): string {
  if (locked) {
    return 'Locked.'
  }

  return isProtected ? 'Unlocked. After the next start, and after "pergola lock", it needs the passphrase.' : 'Unlocked, and without a passphrase.'
}
