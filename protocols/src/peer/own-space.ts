/** The space that own devices share, opened for whoever this device belongs to. Rules: specs/own.md. */
import { rootFromEntropy } from '../identity/index.ts'
import { publicWall } from '../ids.ts'
import { ownSpaceId } from '../own/index.ts'
import { ownChain } from './own-chain.ts'
import type { PeerInit } from './index.ts'
import type { OwnChain } from './own-chain.ts'
import type { Life, Parts } from './parts.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Own } from '../own/index.ts'

export interface OwnSpace {
  /** Reads what own devices share from the store; undefined while this device belongs to nobody. Idempotent */
  open (): Promise<Own | undefined>
  /** The id of the space of an identity that this device is about to belong to; from now on it is taken from others */
  expect (identity: IdentityId, seed: Uint8Array): SpaceId
  /** What `open` gave */
  current (): Own | undefined
  /** Whether this device knows every entry that it wrote there */
  readonly chain: OwnChain
  /** Whether this device may write there now, as far as it knows */
  mayWrite (): Promise<boolean>
  stop (): Promise<void>
}

/** Who may write where: in a wall its owner, and what own devices share only they */
export interface WritePolicy {
  mayWrite (space: SpaceId, identity: IdentityId): boolean
  /** From now on that identity may write in that space too */
  allow (space: SpaceId, identity: IdentityId): void
}

export function writePolicy (): WritePolicy {
  let own: { space: SpaceId, identity: IdentityId } | undefined

  return {
    mayWrite: (space, identity) => space === publicWall(identity) || (space === own?.space && identity === own.identity),
    allow: (space, identity) => { own = { space, identity } }
  }
}

export interface OwnSpaceInit extends Pick<Parts, 'account' | 'clock' | 'log' | 'random' | 'settings'>, Pick<PeerInit, 'keys'> {
  policy: WritePolicy
}

export function ownSpace ({ account, clock, keys, log, policy, random, settings }: OwnSpaceInit, life: Pick<Life, 'run' | 'signal'>): OwnSpace {
  let opening: Promise<Own> | undefined
  let opened: Own | undefined

  const chain = ownChain({
    account,
    log,
    unsure: settings.unsureOwn,
    space: () => opened?.space ?? account.requireMe().space,

    async isNowhere (asked) {
      const { record } = await account.record()
      const relays = await settings.relays.get()

      return record.devices.length === 1 && relays.every(({ peer }) => asked.has(peer))
    }
  }, life)

  /** Private halves of the keys to which epochs are sealed that this device can open */
  async function openers (): Promise<Uint8Array[]> {
    const [device, entropy] = [await keys.get('device-x25519'), await keys.get('entropy')]
    const recovery = entropy == null ? [] : [(await rootFromEntropy(entropy)).recovery.privateKey]

    return device == null ? recovery : [device, ...recovery]
  }

  async function begin (): Promise<Own> {
    const { identity, signer } = account.requireMe()
    const { own: seed } = await account.secrets()
    // a stranger's first wall needs none of it
    const { createOwn } = await import('../own/own.ts')
    const own = createOwn({ log, clock, random, identity, signer, seed, secrets: await openers(), knowsOwn: async () => chain.known() })

    policy.allow(own.space, identity)
    await own.start()
    opened = own

    return own
  }

  return {
    chain,
    mayWrite: async () => !account.isClosed() && await chain.isKnown(),
    current: () => opened,

    expect (identity, seed) {
      const space = ownSpaceId(seed)

      policy.allow(space, identity)

      return space
    },

    async open () {
      if (account.me() == null) {
        return undefined
      }

      opening ??= begin().catch(err => {
        opening = undefined
        throw err
      })

      return opening
    },

    async stop () {
      await opened?.stop()
    }
  }
}
