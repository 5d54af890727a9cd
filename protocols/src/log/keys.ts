/**
 * Where the log keeps what in its Store. Chain keys and numbers are raw bytes, so that entries lie in the order of their chain.
 *
 * - `L e space identity device seq`: an entry, as `encodeEntry` made it
 * - `L c space identity device`: what is held of a chain
 * - `L r identity`: a signed identity record
 * - `L f space identity device`: a fork proof
 * - `L d space identity device seq`: a payload that was dropped on purpose
 */
import { deviceId, fromHex, identityId, spaceId } from '../ids.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { ChainKey } from './entry.ts'

const LOG = 0x4c
const ID_BYTES = 32
const SEQ_BYTES = 6

const Kind = { entry: 0x65, chain: 0x63, record: 0x72, fork: 0x66, dropped: 0x64 } as const

type KindOfKey = keyof typeof Kind

/** Where everything of a kind begins, narrowed by space, identity and device */
export function prefixKey (kind: KindOfKey, ...ids: Array<SpaceId | IdentityId | DeviceId>): Uint8Array {
  const key = new Uint8Array(2 + ids.length * ID_BYTES)

  key[0] = LOG
  key[1] = Kind[kind]
  ids.forEach((id, i) => { key.set(fromHex(id), 2 + i * ID_BYTES) })

  return key
}

/** The first key after all that begin like this one */
export function endOf (prefix: Uint8Array): Uint8Array {
  const end = prefix.slice()

  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] < 0xff) {
      end[i]++

      return end.subarray(0, i + 1)
    }
  }

  return end
}

export function chainPrefix (kind: 'entry' | 'chain' | 'fork' | 'dropped', chain: ChainKey): Uint8Array {
  return prefixKey(kind, chain.space, chain.identity, chain.device)
}

/** A place in a chain, from the chain's prefix */
export function seqKey (prefix: Uint8Array, seq: number): Uint8Array {
  const key = new Uint8Array(prefix.length + SEQ_BYTES)

  key.set(prefix)

  for (let i = key.length - 1, rest = seq; i >= prefix.length; i--) {
    key[i] = rest % 256
    rest = Math.floor(rest / 256)
  }

  return key
}

/** The sequence number at the end of a key */
export function seqOfKey (key: Uint8Array): number {
  let seq = 0

  for (let i = key.length - SEQ_BYTES; i < key.length; i++) {
    seq = seq * 256 + key[i]
  }

  return seq
}

/** The chain that a `chain` key names */
export function chainOfKey (key: Uint8Array): ChainKey {
  return {
    space: spaceId(key.slice(2, 2 + ID_BYTES)),
    identity: identityId(key.slice(2 + ID_BYTES, 2 + 2 * ID_BYTES)),
    device: deviceId(key.slice(2 + 2 * ID_BYTES, 2 + 3 * ID_BYTES))
  }
}

/** The space that a key of any kind but `record` names */
export function spaceOfKey (key: Uint8Array): SpaceId {
  return spaceId(key.slice(2, 2 + ID_BYTES))
}
