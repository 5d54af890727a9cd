import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { follow } from '../follow/index.ts'
import { gossip } from '../gossip/index.ts'
import { hello } from '../hello/index.ts'
import { createNetwork, late } from '../network/index.ts'
import { supervisor } from '../supervisor/index.ts'
import { sync } from '../sync/index.ts'
import { isListed } from './listed.ts'
import { whoIsHere } from './who-is-here.ts'
import type { Account } from './account.ts'
import type { Callers } from './callers.ts'
import type { PeerInit } from './index.ts'
import type { Keeper } from './keeper.ts'
import type { KeyStore } from './key-store.ts'
import type { PeerNetwork, PeerServices } from './network.ts'
import type { Settings } from './settings.ts'
import type { Clock, Random } from '../interface.ts'
import type { TokenBook } from '../invite/index.ts'
import type { Log } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { PrivateKey } from '@libp2p/interface'

/** Those who judge for the network; they are made of it, and so are there only a moment later */
export interface Judges {
  network: PeerNetwork
  keeper: Keeper
  callers: Callers
}

export interface OpenNetworkInit extends Pick<PeerInit, 'role' | 'keys' | 'network' | 'wake'> {
  account: Account
  log: Log
  settings: Settings
  tokens: TokenBook
  clock: Clock
  random: Random
  /** One's own relays */
  relays (): RelayInfo[]
  /** Undefined until the peer runs: nobody is admitted to anything then */
  judges (): Judges | undefined
}

async function transportKey (keys: KeyStore): Promise<PrivateKey> {
  const known = await keys.get('transport')

  if (known != null) {
    return privateKeyFromProtobuf(known)
  }

  const made = await generateKeyPair('Ed25519')

  await keys.put('transport', privateKeyToProtobuf(made))

  return made
}

/** The libp2p node of a peer with all its services, started */
export async function openNetwork (init: OpenNetworkInit): Promise<PeerNetwork> {
  const { account, clock, judges, log, relays, settings, tokens } = init
  const deviceSigner = init.role === 'home' ? await init.keys.deviceSigner() : undefined

  return createNetwork<PeerServices>({
    privateKey: await transportKey(init.keys),
    ...init.network,
    allowDirect: peer => judges()?.callers.allowsDirect(peer) ?? false,
    iceServers: () => relays().flatMap(({ stun }) => stun == null ? [] : [`stun:${stun}`]),
    pathOf: relay => judges()?.network.services.supervisor.states().find(({ info }) => info.peer === relay?.toString())?.info.path,
    services: {
      supervisor: supervisor({ clock, wake: init.wake == null ? [] : [init.wake] }),
      gossip: gossip({ clock, validate: async message => judges()?.keeper.validate(message) ?? 'ignore' }),
      sync: sync({
        log,
        admits: (space, peer) => judges()?.keeper.admits(space, peer) ?? false,
        ...(deviceSigner == null ? {} : { receipts: deviceSigner })
      }),
      follow: follow({}),
      hello: hello({
        self: async () => whoIsHere(account),
        accepts: async (identity, device, record) => {
          const isKnown = identity === account.me()?.identity || (await settings.contacts.get()).some(contact => contact.identity === identity)

          return isKnown && await isListed(log, device, record)
        },
        spendToken: async (proof, holder) => tokens.spend(proof, holder),
        card: () => ({ relays: relays() })
      }),
      late: late()
    }
  })
}
