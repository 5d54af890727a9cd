import type { RelayInfo } from '../relay-info/index.ts'

/** `/…/p2p/<relay>` of a relay, for circuits through it */
export function relayAddress (info: RelayInfo): string | undefined {
  return info.addrs[0] == null ? undefined : `${info.addrs[0]}/p2p/${info.peer}`
}
