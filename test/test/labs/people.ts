/** What the programs of the labs have in common. */
import { memoryStore, signerFromKeyPair } from '@pergola/protocols'
import { createPeer } from '@pergola/protocols/peer'
import type { KeyStore, Peer, PeerInit } from '@pergola/protocols/peer'

type Transport = NonNullable<NonNullable<PeerInit['network']>['transports']>[number]
type Components = Parameters<Transport>[0]

/** Tells the test something: one line of JSON */
export function say (event: string, fields: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)
}

/** Everything in it, bytes as hexadecimal, so that it can be searched */
export function toText (value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, part: unknown) {
    // a Buffer has turned itself into something else by now
    const raw = this[key]

    if (raw instanceof Uint8Array) {
      return Buffer.from(raw).toString('hex')
    }

    if (part instanceof Map) {
      return [...part]
    }

    return typeof part === 'bigint' ? String(part) : part
  }) ?? ''
}

function memoryKeys (): KeyStore {
  const secrets = new Map<string, Uint8Array>()
  const signer = (async () => signerFromKeyPair(await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair))()

  return {
    get: async name => secrets.get(name),
    put: async (name, secret) => { secrets.set(name, secret) },
    deviceSigner: async () => signer
  }
}

/** A transport that never carries anything: it is given the inside of the libp2p node, which a peer does not show */
function insider (take: (components: Components) => void): Transport {
  return components => {
    take(components)

    return {
      [Symbol.for('@libp2p/transport')]: true,
      [Symbol.toStringTag]: 'insider',
      dial: async () => { throw new Error('It carries nothing') },
      createListener: () => { throw new Error('It carries nothing') },
      listenFilter: () => [],
      dialFilter: () => []
    } as unknown as ReturnType<Transport>
  }
}

/** A started peer that keeps nothing on disk, and what is inside its libp2p node */
export async function startPeer (listen: string[] = []): Promise<{ peer: Peer, inside: Components }> {
  const { promise, resolve } = Promise.withResolvers<Components>()
  const peer = await createPeer({
    role: 'client',
    store: memoryStore(),
    blocks: memoryStore(),
    keys: memoryKeys(),
    network: { listen, transports: [insider(resolve)] }
  })

  await peer.start()

  return { peer, inside: await promise }
}

/** Resolves when the light is green */
export async function connected (peer: Peer): Promise<void> {
  while (peer.connection().light !== 'green') {
    await new Promise(resolve => { peer.addEventListener('connection:changed', resolve, { once: true }) })
  }
}
