import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { createMedia } from '../../../src/media/index.ts'
import { memoryStore } from '../../../src/storage/index.ts'
import type { Store } from '../../../src/interface.ts'
import type { Media, MediaInit } from '../../../src/media/index.ts'
import type { Libp2p, Startable } from '@libp2p/interface'

export interface MediaPeer {
  libp2p: Libp2p
  store: Store
  media: Media & Startable
}

const running: MediaPeer[] = []

/** Any number of peers on loopback TCP; `stopPeers` ends them all */
export async function startPeer (init: Partial<MediaInit> = {}): Promise<MediaPeer> {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() }
  })
  const store = init.store ?? memoryStore()
  const peer = { libp2p, store, media: await createMedia({ libp2p, store, ...init }) }
  running.push(peer)

  return peer
}

export async function connect (from: MediaPeer, to: MediaPeer): Promise<void> {
  await from.libp2p.dial(to.libp2p.getMultiaddrs())
}

export async function stopPeers (): Promise<void> {
  await Promise.all(running.splice(0).map(async ({ media, libp2p }) => {
    await media.stop()
    await libp2p.stop()
  }))
}

/** Bytes that do not repeat, the same at each call */
export function noiseBytes (length: number, seed: number = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = seed

  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }

  return new Uint8Array(words.buffer, 0, length)
}
