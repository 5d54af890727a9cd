/** A person's devices as libp2p peers on loopback, on which time runs ten times as fast, or as it does. */
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { encode } from 'it-length-prefixed'
import { createLibp2p } from 'libp2p'
import { hello } from '../../src/hello/index.ts'
import { proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { deviceId } from '../../src/ids.ts'
import { signBeat } from '../../src/primary/beat.ts'
import { primary, PRIMARY_PROTOCOL } from '../../src/primary/index.ts'
import type { Hello, HelloSelf } from '../../src/hello/index.ts'
import type { Root, SignedRecord, Signer } from '../../src/identity/index.ts'
import type { DeviceId, IdentityId } from '../../src/ids.ts'
import type { Beat } from '../../src/primary/beat.ts'
import type { DeviceOrder, Primary, PrimaryView } from '../../src/primary/index.ts'
import type { Libp2p, Stream } from '@libp2p/interface'

const FASTER = 10

export interface Owner {
  identity: IdentityId
  root: Root
  signers: Signer[]
  devices: DeviceId[]
  record: SignedRecord
}

/** Somebody with so many devices */
export async function owner (seed: number, count: number): Promise<Owner> {
  const root = await rootFromEntropy(new Uint8Array(16).fill(seed))
  const signers = await Promise.all(Array.from({ length: count }, async (_, i) => signerFromSeed(new Uint8Array(32).fill(16 * seed + i))))

  return { identity: root.identity, root, signers, devices: signers.map(({ publicKey }) => deviceId(publicKey)), record: await recordWith(root, signers) }
}

export async function recordWith (root: Root, signers: Signer[], previous?: SignedRecord, closed: DeviceId[] = []): Promise<SignedRecord> {
  const devices = await Promise.all(signers.map(async signer => proveDevice(signer, { identity: root.identity, x25519: new Uint8Array(32), role: 'client', from: 0 })))

  return signRecord(root, { devices, closed: closed.map(device => ({ device, cut: null })), reading: new Uint8Array(32), publish: new Uint8Array(32), time: 1 }, previous)
}

export interface DeviceInit {
  /** Everybody who is let in by hello */
  contacts?: IdentityId[]
  order?: DeviceOrder
  isFast?: boolean
  isCaughtUp?: boolean
}

export type DevicePeer = Libp2p<{ hello: Hello, primary: Primary }>
export type BarePeer = Libp2p<{ hello: Hello }>

export interface StartedDevice {
  peer: DevicePeer
  primary: Primary
  /** What hello and primary are told; a test changes it and calls `refresh` */
  self: HelloSelf
}

export interface Devices {
  start (who: Owner, device: number, init?: DeviceInit): Promise<StartedDevice>
  /** Says hello and nothing else by itself */
  bare (self: HelloSelf | undefined, contacts: IdentityId[], listen?: (stream: Stream) => void): Promise<BarePeer>
  stop (): Promise<void>
}

export function devices (): Devices {
  const started: Array<{ stop (): Promise<void> | void }> = []
  const common = {
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000 }
  }

  return {
    async start (who, device, init = {}) {
      const self: HelloSelf = { record: who.record, signer: who.signers[device] }
      const accepted = [who.identity, ...init.contacts ?? []]
      const factor = init.isFast === false ? 1 : FASTER
      const peer: DevicePeer = await createLibp2p({
        ...common,
        services: {
          hello: hello({ self: () => self, accepts: identity => accepted.includes(identity) }),
          primary: primary({
            self: () => self,
            order: () => init.order,
            now: () => performance.now() * factor,
            timer: (run, ms) => {
              const timer = setTimeout(run, ms / factor)

              return () => { clearTimeout(timer) }
            }
          })
        }
      })

      started.push(peer)
      peer.services.primary.addEventListener('catch-up:due', () => { peer.services.primary.caughtUp() })

      if (init.isCaughtUp !== false) {
        peer.services.primary.caughtUp()
      }

      return { peer, primary: peer.services.primary, self }
    },

    async bare (self, contacts, listen) {
      const peer: BarePeer = await createLibp2p({ ...common, services: { hello: hello({ self: () => self, accepts: identity => contacts.includes(identity) }) } })

      started.push(peer)

      if (listen != null) {
        await peer.handle(PRIMARY_PROTOCOL, listen)
      }

      return peer
    },

    async stop () {
      await Promise.all(started.splice(0).map(async peer => { await peer.stop() }))
    }
  }
}

/** Dials and proves, and waits until both sides know */
export async function meet (from: BarePeer | DevicePeer, to: DevicePeer): Promise<void> {
  const proved = new Promise(resolve => { to.services.hello.addEventListener('peer:proved', resolve, { once: true }) })

  await from.dial(to.getMultiaddrs())
  await from.services.hello.prove(to.peerId)
  await proved
}

/** Resolves once a device sees what is wanted */
export async function sees (primary: Primary, isWanted: (view: PrimaryView) => boolean): Promise<PrimaryView> {
  return new Promise(resolve => {
    const look = (): void => {
      const view = primary.view()

      if (isWanted(view)) {
        primary.removeEventListener('primary:changed', look)
        resolve(view)
      }
    }

    primary.addEventListener('primary:changed', look)
    look()
  })
}

/** How a stream ends */
export async function ending (stream: Stream): Promise<Stream['status']> {
  return stream.status === 'open' || stream.status === 'closing'
    ? new Promise(resolve => { stream.addEventListener('close', () => { resolve(stream.status) }, { once: true }) })
    : stream.status
}

export function sendFrame (stream: Stream, bytes: Uint8Array): void {
  stream.send(encode.single(bytes))
}

export async function sendBeat (stream: Stream, signer: Signer, beat: Beat): Promise<void> {
  sendFrame(stream, await signBeat(signer, beat))
}
