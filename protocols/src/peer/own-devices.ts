import { peerIdFromString } from '@libp2p/peer-id'
import { encodePairing } from '../invite/index.ts'
import { claims as claimsService, decodeClaim, encodeClaim, MAX_PAIRED_PEERS, MAX_PAIRED_READING_KEYS, pairing as pairingService, PairingRefusedError } from '../pairing/index.ts'
import { AlreadyJoinedError, DeviceAwayError, NoRelayError } from './errors.ts'
import type { Account, Me } from './account.ts'
import type { Callers } from './callers.ts'
import type { PairingOffer } from './index.ts'
import type { PeerNetwork } from './network.ts'
import type { Settings } from './settings.ts'
import type { DeviceId } from '../ids.ts'
import type { Clock, Random } from '../interface.ts'
import type { Pairing as PairingLink } from '../invite/index.ts'
import type { Claims, Joined, JoinOptions, Pairing, PairingHost, Welcome } from '../pairing/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

const REACH_TIMEOUT_MS = 20_000

/** A device that was just listed */
export interface NewOwnDevice {
  device: DeviceId
  /** What it calls itself */
  name: string
  /** Text of its transport PeerId */
  peer: string
}

export interface OwnDevicesInit {
  account: Account
  callers: Callers
  clock: Clock
  random: Random
  network: PeerNetwork
  settings: Settings
  /** One's own relays */
  relays (): RelayInfo[]
  /** A device of one's own was added */
  changed (): Promise<void>
  /** Tells the others about it, and it about what they share */
  added (device: NewOwnDevice): Promise<void>
  /** Becomes a device of whoever made this pairing link */
  pair (link: string): Promise<void>
  /** Keeps what a new device is told of relays and devices, in place of what was known; called before it belongs to anybody */
  adopt (welcome: Pick<Welcome, 'relays' | 'peers'>): Promise<void>
}

/** Making other devices one's own, and becoming somebody's */
export interface OwnDevices {
  /** Without `confirm` whoever has the link is admitted */
  offer (confirm?: PairingHost['confirm']): Promise<PairingOffer>
  /** Becomes a device of whoever made the link */
  join (link: PairingLink, deviceName: string, options: JoinOptions): Promise<Me>
  /** A claim by which this home node, which belongs to nobody, can be made somebody's */
  offerClaim (): Promise<string>
  /** Makes a home node that belongs to nobody one's own */
  claim (text: string, signal: AbortSignal): Promise<void>
}

export function ownDevices ({ account, added, adopt, callers, changed, clock, network, pair, random, relays, settings }: OwnDevicesInit): OwnDevices {
  const { late, supervisor } = network.services
  const pairing = async (): Promise<Pairing> => late.get('pairing', async () => pairingService({ clock, random }))
  const claims = async (): Promise<Claims> => late.get('claims', async () => claimsService({ random, pair }))

  async function offer (confirm?: PairingHost['confirm']): Promise<PairingOffer> {
    const { identity } = account.requireMe()

    if (relays().length === 0) {
      throw new NoRelayError('There is no relay yet through which the other device could reach this one')
    }

    const { secret, expires, done, cancel } = (await pairing()).offer({
      record: async () => account.record(),
      ...confirm == null ? {} : { confirm },
      admit: async ({ entry, name }, peer) => {
        const record = await account.addDevice(entry)
        const others = await settings.ownPeers.get()
        const { own, reading } = await account.secrets()

        await settings.ownPeers.update(peers => [...new Set([...peers, peer.toString()])].slice(-MAX_PAIRED_PEERS))
        await changed()
        await added({ device: entry.device, name, peer: peer.toString() })

        return {
          record: record.bytes,
          peers: [network.peerId.toString(), ...others].slice(0, MAX_PAIRED_PEERS),
          relays: relays(),
          reading: reading.slice(0, MAX_PAIRED_READING_KEYS),
          own
        }
      }
    })

    // the other device can be called once it knows that it was admitted
    void done.then(changed, () => {})

    return {
      link: encodePairing({ v: 1, identity, device: network.peerId.toString(), relays: relays(), secret, expires }),
      expires,
      done,
      cancel
    }
  }

  async function exchange (link: PairingLink, deviceName: string, options: JoinOptions): Promise<Joined> {
    const signal = AbortSignal.any([AbortSignal.timeout(REACH_TIMEOUT_MS), ...options.signal == null ? [] : [options.signal]])
    const peer = peerIdFromString(link.device)

    try {
      await callers.reach(peer, link.relays, { signal })
    } catch (err) {
      throw err instanceof NoRelayError ? err : new DeviceAwayError('The device that shows the link cannot be reached: keep it open and connected, and try again', { cause: err })
    }

    const device = { name: deviceName, agree: async (from: number) => account.agree(link.identity, from) }

    return (await pairing()).join({ peer, identity: link.identity, secret: link.secret }, device, options)
  }

  return {
    offer,

    async join (link, deviceName, options) {
      if (account.me() != null) {
        throw new AlreadyJoinedError('This device belongs to somebody already')
      }

      if (link.expires <= clock.now()) {
        throw new PairingRefusedError('This link has expired: make a new one on the other device')
      }

      for (const info of link.relays) {
        supervisor.add(info)
      }

      const { record, welcome } = await exchange(link, deviceName, options).catch(err => {
        const kept = new Set(relays().map(({ peer }) => peer))

        link.relays.filter(({ peer }) => !kept.has(peer)).forEach(({ peer }) => { supervisor.remove(peer) })

        throw err
      })

      // were it killed in between, whoever belongs to somebody could reach nobody
      await adopt(welcome)

      return account.adopt(record, welcome)
    },

    async offerClaim () {
      return encodeClaim({ peer: network.peerId.toString(), secret: (await claims()).offer() })
    },

    async claim (text, signal) {
      const claim = decodeClaim(text)
      const peer = peerIdFromString(claim.peer)
      const { link, cancel } = await offer()

      try {
        await callers.reach(peer, relays(), { signal })
        await (await claims()).take(claim, peer, link)
      } catch (err) {
        cancel()
        throw err
      }
    }
  }
}
