/** People with real keys and records, and libp2p peers on loopback that say hello. */
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { hello } from '../../src/hello/index.ts'
import { proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import type { Hello, HelloInit, HelloResult } from '../../src/hello/index.ts'
import type { Root, SignedRecord, Signer } from '../../src/identity/index.ts'
import type { IdentityId } from '../../src/ids.ts'
import type { Libp2p, PrivateKey } from '@libp2p/interface'

export interface Person {
  identity: IdentityId
  root: Root
  signer: Signer
  record: SignedRecord
}

export async function person (seed: number): Promise<Person> {
  const root = await rootFromEntropy(new Uint8Array(16).fill(seed))
  const signer = await signerFromSeed(new Uint8Array(32).fill(seed))
  const device = await proveDevice(signer, { identity: root.identity, x25519: new Uint8Array(32).fill(seed), role: 'client', from: 0 })
  const record = await signRecord(root, { devices: [device], closed: [], reading: new Uint8Array(32), publish: new Uint8Array(32), time: 1 })

  return { identity: root.identity, root, signer, record }
}

/** The person's next record, with other devices */
export async function withDevices ({ root, record }: Person, init: Pick<SignedRecord['record'], 'devices' | 'closed'>): Promise<SignedRecord> {
  return signRecord(root, { ...init, reading: new Uint8Array(32), publish: new Uint8Array(32), time: 2 }, record)
}

export type HelloPeer = Libp2p<{ hello: Hello }>

export interface Peers {
  start (init: HelloInit, options?: { privateKey?: PrivateKey }): Promise<HelloPeer>
  /** A peer that speaks libp2p but not hello by itself */
  bare (options?: { privateKey?: PrivateKey }): Promise<Libp2p>
  stop (): Promise<void>
}

/** Starts peers and stops all of them again */
export function peers (): Peers {
  const started: Libp2p[] = []
  const common = {
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000 }
  }

  return {
    async start (init, options = {}) {
      const peer = await createLibp2p({ ...common, ...options, services: { hello: hello(init) } })

      started.push(peer as unknown as Libp2p)

      return peer
    },
    async bare (options = {}) {
      const peer = await createLibp2p({ ...common, ...options })

      started.push(peer)

      return peer
    },
    async stop () {
      await Promise.all(started.splice(0).map(async peer => { await peer.stop() }))
    }
  }
}

/** Someone who accepts these people */
export function friendOf (self: Person | undefined, ...friends: Person[]): HelloInit {
  return { self: () => self, accepts: identity => friends.some(friend => friend.identity === identity) }
}

export async function nextProved (peer: HelloPeer): Promise<HelloResult> {
  return new Promise(resolve => {
    peer.services.hello.addEventListener('peer:proved', event => { resolve(event.detail) }, { once: true })
  })
}
