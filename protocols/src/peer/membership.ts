/** How this device comes to belong to somebody: by joining, by a restore, or as one device more; and how it takes in others. */
import { decodePairing } from '../invite/index.ts'
import { MAX_PAIRED_PEERS } from '../pairing/constants.ts'
import { watchArriving } from './arriving.ts'
import { packBackup, unpackBackup } from './backups.ts'
import { AlreadyJoinedError } from './errors.ts'
import type { BackupOptions } from './backups.ts'
import type { DeviceBook } from './device-book.ts'
import type { Follows } from './follows.ts'
import type { PairOptions, Peer } from './index.ts'
import type { OwnDevices } from './own-devices.ts'
import type { Life, Parts } from './parts.ts'
import type { Sharing } from './sharing.ts'
import type { SpaceId } from '../ids.ts'
import type { Pairing as PairingLink } from '../invite/index.ts'

const PATIENCE_MS = 20_000
/** What a home node that was claimed is called at first */
const HOME_NAME = 'home'

export type Membership = { packKeys (passphrase: string): Promise<Uint8Array> } & Pick<Peer, 'join' | 'restore' | 'backup' | 'offerPairing' | 'pair' | 'offerClaim' | 'claimHome' | 'recover'>

export function createMembership (
  parts: Pick<Parts, 'account' | 'clock' | 'holders' | 'log' | 'ownSpace' | 'posts' | 'random' | 'relays' | 'settings' | 'walls'>,
  { devices: book, follows, sharing }: { devices: DeviceBook, follows: Pick<Follows, 'follow'>, sharing: Sharing },
  life: Life
): Membership {
  const { account, clock, holders, log, ownSpace, posts, random, relays, settings, walls } = parts

  /** The wall of whoever this device belongs to now begins to come */
  async function begin (space: SpaceId): Promise<void> {
    const running = await life.run()

    await holders.refresh()
    await walls.open(space)
    running.keeper.keep(space, [])
    await sharing.begin(running)
    await book.begin(running)
    life.callAll()
  }

  async function devices (): Promise<OwnDevices> {
    const { network, callers } = await life.run()
    // who only reads needs none of it
    const { ownDevices } = await import('./own-devices.ts')

    return ownDevices({
      network,
      callers,
      account,
      settings,
      clock,
      random,
      relays: relays.list,
      changed: async () => {
        await holders.refresh()
        life.callAll()
        life.sessionChanged()
      },
      added: sharing.added,
      pair: async link => pair(decodePairing(link), HOME_NAME),

      async adopt (welcome) {
        await relays.replace(welcome.relays)
        await settings.ownPeers.update(() => welcome.peers)
      }
    })
  }

  /** What one has elsewhere is here, or nothing more comes of it for now: it goes on by itself then, also after a restart */
  async function arrived (space: SpaceId, { signal, onProgress }: PairOptions): Promise<void> {
    const { keeper } = await life.run()
    const own = ownSpace.current()
    const arriving = watchArriving({ log, spaces: own == null ? [space] : [space, own.space], patience: PATIENCE_MS, ...onProgress == null ? {} : { onProgress } })
    const until = AbortSignal.any([life.signal, arriving.stalled, ...signal == null ? [] : [signal]])

    try {
      await Promise.all([keeper.caughtUp(space, { signal: until }), sharing.known({ signal: until })])
    } catch {
      // whoever waits is not to wait for ever
    } finally {
      arriving[Symbol.dispose]()
    }
  }

  function patience (signal?: AbortSignal): AbortSignal {
    return AbortSignal.any([life.signal, AbortSignal.timeout(PATIENCE_MS), ...signal == null ? [] : [signal]])
  }

  async function pack (passphrase: string, options?: BackupOptions): Promise<Uint8Array> {
    const { network } = await life.run()
    const peers = [network.peerId.toString(), ...await settings.ownPeers.get()].slice(0, MAX_PAIRED_PEERS)

    return packBackup(parts, { relays: relays.list(), peers }, passphrase, options)
  }

  async function pair (link: PairingLink, deviceName: string, options: PairOptions = {}): Promise<void> {
    // how long a person may take to compare the codes is for the exchange to say
    const signal = AbortSignal.any([life.signal, ...options.signal == null ? [] : [options.signal]])
    const joined = await (await devices()).join(link, deviceName, { ...options, signal })

    await begin(joined.space)
    life.sessionChanged()
    await arrived(joined.space, options)
  }

  return {
    async join (name) {
      await life.run()

      const { space } = await account.join()

      await begin(space)
      await posts.profile({ name })
      await relays.publish()
      life.sessionChanged()
    },

    async restore (backup, passphrase, options) {
      await life.run()

      if (account.me() != null) {
        throw new AlreadyJoinedError('Somebody has joined on this device already')
      }

      const content = await unpackBackup(log, backup, passphrase, options)

      await relays.join(content.relays)
      await settings.ownPeers.update(() => content.peers)

      const { space } = await account.restore(content.entropy)

      for (const { space: followed, relays } of content.follows) {
        await follows.follow(followed, relays)
      }

      await settings.backedUp.update(() => true)
      await begin(space)
      life.sessionChanged()
    },

    async backup (passphrase, options) {
      const bytes = await pack(passphrase, options)

      await settings.backedUp.update(() => true)
      life.sessionChanged()

      return bytes
    },

    async recover (from, options) {
      // few ever need it
      const { createRecovery } = await import('./recovery.ts')

      await createRecovery({ parts, sharing, begin }, life)(from, options)
      await relays.publish()
      life.sessionChanged()
    },

    packKeys: async passphrase => pack(passphrase, { entries: false }),

    offerPairing: async ({ confirm } = {}) => (await devices()).offer(confirm),

    pair,
    offerClaim: async () => (await devices()).offerClaim(),
    claimHome: async claim => (await devices()).claim(claim, patience())
  }
}
