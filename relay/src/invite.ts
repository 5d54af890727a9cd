import { encodeRelayInfo, peerSigner, signRelayInfo } from '@pergola/protocols'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { RelayInfo } from '@pergola/protocols'

/** A link that opens the web client and tells it of a relay. What stands after `#` is sent to no server */
export function inviteLink (origin: string, info: RelayInfo): string {
  return `${origin}/#relay=${Buffer.from(encodeRelayInfo(info)).toString('base64url')}`
}

/** What a page that came from this relay reads at `/config.json`: base64url of the signed relay-info, and no word of it in plain */
export async function pageConfig (privateKey: Ed25519PrivateKey, info: RelayInfo, time: number): Promise<string> {
  const signed = await signRelayInfo(peerSigner(privateKey), info, time)

  return JSON.stringify({ signed: Buffer.from(signed).toString('base64url') })
}
