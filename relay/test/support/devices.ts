/** People with devices that keep spaces in step with a relay, and do nothing else. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { createEntropy, decodeCanonical, deviceId, encode, isPrivateSpace, memoryStore, proveDevice, publicWall, rootFromEntropy, signerFromSeed, signRecord, systemClock, systemRandom } from '@pergola/protocols'
import { follow } from '@pergola/protocols/follow'
import { createLog } from '@pergola/protocols/log'
import { createNetwork } from '@pergola/protocols/network'
import { sync } from '@pergola/protocols/sync'
import { infoOf } from './walls.ts'
import type { WallRelay } from './walls.ts'
import type { Libp2p } from '@libp2p/interface'
import type { ChainKey, Entry, IdentityId, Log, Signer, SignedRecord, SpaceId } from '@pergola/protocols'
import type { Follow, FollowAnswer } from '@pergola/protocols/follow'
import type { Sync } from '@pergola/protocols/sync'

export interface Person {
  identity: IdentityId
  wall: SpaceId
  record: SignedRecord
  /** One for each device */
  signers: Signer[]
}

export async function makePerson (devices: number = 1): Promise<Person> {
  const root = await rootFromEntropy(createEntropy(systemRandom))
  const signers = await Promise.all(Array.from({ length: devices }, async () => signerFromSeed(systemRandom.bytes(32))))
  const listed = await Promise.all(signers.map(async signer => proveDevice(signer, { identity: root.identity, x25519: systemRandom.bytes(32), role: 'client', from: 0 })))

  return {
    identity: root.identity,
    wall: publicWall(root.identity),
    signers,
    record: await signRecord(root, { devices: listed, closed: [], reading: systemRandom.bytes(32), publish: systemRandom.bytes(32), time: 1 })
  }
}

export interface Device {
  node: Libp2p<{ follow: Follow, sync: Sync }>
  log: Log
  /** Keeps a space in step with the relay from now on; says how the relay answered the request to follow it */
  open (space: SpaceId): Promise<FollowAnswer>
  write (space: SpaceId, text: string): Promise<Entry>
  stop (): Promise<void>
}

/** A device that is connected to a relay, knows its own person's record, and takes whatever is written in a space */
export async function connectDevice (relay: WallRelay, { identity, record, signers }: Person, at: number = 0): Promise<Device> {
  const { peer, path, addrs: [address] } = infoOf(relay)
  const log = createLog({ store: memoryStore(), clock: systemClock, mayWrite: () => true })

  await log.putRecord(record)

  const node = await createNetwork<{ follow: Follow, sync: Sync }>({
    privateKey: await generateKeyPair('Ed25519'),
    allowDirect: () => false,
    iceServers: () => [],
    pathOf: () => path,
    services: { follow: follow(), sync: sync({ log, admits: () => true }) }
  })

  await node.dial(multiaddr(`${address}/p2p/${peer}`))

  return {
    node,
    log,
    async open (space) {
      const [answer] = await node.services.follow.follow(relay.peerId, [{ space, offer: true }])

      await node.services.sync.open(relay.peerId, space, { receipts: true })

      return answer
    },
    write: async (space, text) => log.append(signers[at], {
      space,
      identity,
      rec: 0,
      time: systemClock.now(),
      // as far as others can tell, anything may be sealed
      ...(isPrivateSpace(space) ? { epoch: new Uint8Array(16), payload: async () => new TextEncoder().encode(text) } : { payload: encode({ text }) })
    }),
    stop: async () => { await node.stop() }
  }
}

export function chainOf ({ identity, signers }: Person, space: SpaceId, at: number = 0): ChainKey {
  return { space, identity, device: deviceId(signers[at].publicKey) }
}

/** The relay said that it holds a chain up to a place, whatever happens to it now */
export async function acknowledged (device: Device, { space, identity, device: id }: ChainKey, seq: number): Promise<void> {
  return new Promise(resolve => {
    const abort = new AbortController()

    device.node.services.sync.addEventListener('receipt:received', ({ detail: { receipt } }) => {
      const { chain } = receipt

      if (chain.space === space && chain.identity === identity && chain.device === id && receipt.seq >= seq) {
        abort.abort()
        resolve()
      }
    }, { signal: abort.signal })
  })
}

/** The texts of a chain, once a device holds so many entries of it */
export async function texts ({ log }: Device, chain: ChainKey, count: number): Promise<string[]> {
  while (true) {
    const changed = new Promise(resolve => { log.addEventListener('entries:added', resolve, { once: true }) })
    const found: string[] = []

    for await (const { payload = encode({}) } of log.read(chain)) {
      found.push(isPrivateSpace(chain.space) ? new TextDecoder().decode(payload) : String((decodeCanonical(payload, { maxBytes: 40_000 }) as { text?: string }).text))
    }

    if (found.length >= count) {
      return found
    }

    await changed
  }
}
