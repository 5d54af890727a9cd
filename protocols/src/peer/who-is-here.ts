import type { Account } from './account.ts'
import type { HelloSelf } from '../hello/index.ts'

/** What this device proves itself with; undefined while it belongs to nobody */
export async function whoIsHere (account: Pick<Account, 'me' | 'record'>): Promise<HelloSelf | undefined> {
  const me = account.me()

  return me == null ? undefined : { signer: me.signer, record: await account.record() }
}
