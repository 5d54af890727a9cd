import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { Ed25519PrivateKey } from '@libp2p/interface'

export async function relayKey (seed: number): Promise<Ed25519PrivateKey> {
  return generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed))
}

export async function relayInfo (seed: number = 1): Promise<RelayInfo> {
  return {
    peer: peerIdFromPrivateKey(await relayKey(seed)).toString(),
    addrs: ['/dns4/relay.example/tcp/443/tls/ws', '/ip4/192.0.2.7/udp/4002/webrtc-direct/certhash/uEiAkH5a4DPGKUuOBjYw0CgwjvcJCJMD2K_1aluKR_tpevQ'],
    path: 'b4t9-Xq_7.~',
    stun: 'relay.example:3478',
    name: 'Garden'
  }
}
