/** Devices that are paired, for tests: libp2p peers on loopback, and what they say of themselves */
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { proveDevice } from '../../src/identity/index.ts'
import { systemClock, systemRandom } from '../../src/interface.ts'
import { pairing } from '../../src/pairing/index.ts'
import { withDevices } from '../hello/people.ts'
import type { DeviceEntry, Signer } from '../../src/identity/index.ts'
import type { NewDevice, Pairing, PairingHost, PairingInit } from '../../src/pairing/index.ts'
import type { Person } from '../hello/people.ts'
import type { Libp2p } from '@libp2p/interface'

export type PairingPeer = Libp2p<{ pairing: Pairing }>

/** What every new device is told besides the record */
export const SHARED = { peers: ['somebody'], relays: [], reading: [new Uint8Array(32).fill(5), new Uint8Array(32).fill(6)], own: new Uint8Array(32).fill(7) }

/** The peer is added to those started, for the end of the test */
export async function makePeer (init: Partial<PairingInit>, started: Libp2p[]): Promise<PairingPeer> {
  const made = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionManager: { inboundConnectionThreshold: 1_000 },
    services: { pairing: pairing({ clock: systemClock, random: systemRandom, ...init }) }
  })

  started.push(made as unknown as Libp2p)

  return made
}

export interface Listed {
  host: PairingHost
  /** What the host listed, in order */
  admitted: DeviceEntry[]
}

/** Lists devices in the next records of somebody */
export function listing (self: Person, confirm?: PairingHost['confirm']): Listed {
  const admitted: DeviceEntry[] = []
  let newest = self.record

  return {
    admitted,
    host: {
      ...confirm == null ? {} : { confirm },
      record: async () => newest,
      admit: async ({ entry }) => {
        newest = await withDevices(self, { devices: [...self.record.record.devices, entry], closed: [] })
        admitted.push(entry)

        return { ...SHARED, record: newest.bytes }
      }
    }
  }
}

export function newDevice (self: Person, signer: Signer): NewDevice {
  return {
    name: 'Attic',
    agree: async from => proveDevice(signer, { identity: self.identity, x25519: new Uint8Array(32).fill(9), role: 'home', from })
  }
}
