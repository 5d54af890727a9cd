/** Keeps what own devices share in step with them, and brings what changed there to whoever uses it here. */
import { x25519 } from '@noble/curves/ed25519.js'
import { cleanText } from '../codec/index.ts'
import { deviceStatus } from '../identity/index.ts'
import { toHex } from '../ids.ts'
import { contacts, deviceNames, devicePeers, follows, ownRelays, readingSecrets } from '../own/index.ts'
import { MAX_PEERS_OF_ONE } from './constants.ts'
import { sharedDirect } from './settings.ts'
import type { Follows } from './follows.ts'
import type { NewOwnDevice } from './own-devices.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { AbortOptions } from '../interface.ts'
import type { Own, ReadingKey } from '../own/index.ts'

export interface Sharing {
  /** From now on until the peer stops, or this device is closed; does nothing while it belongs to nobody. Idempotent */
  begin (running: Running): Promise<void>
  /** Resolves once this device knows what own devices share */
  known (options?: AbortOptions): Promise<void>
  /** Makes what the record asks for, where this device may write by now. For whoever changed the devices in the record */
  settle (): Promise<void>
  /** Tells the others about a device that was listed, and it about what they share */
  added (device: NewOwnDevice): Promise<void>
}

export function createSharing (
  { account, log, ownSpace, relays, settings }: Pick<Parts, 'account' | 'log' | 'ownSpace' | 'relays' | 'settings'>,
  kept: Pick<Follows, 'refresh'>,
  life: Life
): Sharing {
  const { mayWrite } = ownSpace
  const knows = Promise.withResolvers<void>()
  let begun = false
  /** Whether this device has once caught up with the space, or nobody else is there */
  let isCurrent = false

  async function isAlone (own: Own): Promise<boolean> {
    const { record } = await account.record()

    return record.devices.length === 1 && record.closed.length === 0 && (await log.chains(own.space)).length === 0
  }

  /** What this device alone knows and the others need */
  async function tell (own: Own, { network }: Running): Promise<void> {
    const { device } = account.requireMe()
    const { reading } = await account.secrets()

    await own.set(devicePeers.at(device), network.peerId.toString())

    for (const secret of reading) {
      await own.set(readingSecrets.at(toHex(x25519.getPublicKey(secret)) as ReadingKey), secret)
    }
  }

  async function peersChanged (own: Own): Promise<void> {
    const { device } = account.requireMe()
    const { record } = await account.record()
    const all = [...own.list(devicePeers)].filter(([of]) => of !== device)
    const [open, closed] = [true, false].map(wanted => all.filter(([of]) => (deviceStatus(record, of).status === 'open') === wanted).map(([, peer]) => peer))

    await settings.ownPeers.update(peers => [...new Set([...peers.filter(peer => !closed.includes(peer)), ...open])].slice(-MAX_PEERS_OF_ONE))
    life.callAll()
  }

  async function apply (own: Own, isChanged: (of: { name: string } | { prefix: string }) => boolean): Promise<void> {
    if (isChanged(readingSecrets)) {
      await account.learnReading([...own.list(readingSecrets).values()])
    }

    if (isChanged(devicePeers)) {
      await peersChanged(own)
    }

    if (isChanged(ownRelays)) {
      await relays.refresh()
    }

    if (isChanged(follows)) {
      await kept.refresh()
    }

    if (isChanged(contacts) || isChanged(sharedDirect)) {
      life.callAll()
    }

    life.sessionChanged()
  }

  async function share (own: Own, running: Running): Promise<void> {
    if (!await mayWrite()) {
      return
    }

    await settings.share(own, mayWrite)

    if (!await settings.shared.get()) {
      await settings.shared.update(() => true)
      await apply(own, () => true)
    }

    knows.resolve()
    await tell(own, running)
  }

  async function settle (): Promise<void> {
    const own = ownSpace.current()

    if (own != null && await mayWrite()) {
      await own.settle()
    }
  }

  async function recordChanged (own: Own, running: Running): Promise<void> {
    await peersChanged(own)

    if (isCurrent) {
      await settle()
      await share(own, running)
    }
  }

  async function caughtUp (own: Own, running: Running): Promise<void> {
    await ownSpace.chain.known()
    isCurrent = true
    await settle()

    if (await mayWrite()) {
      // what counts of those that a restore has closed is for whoever then knows the space to say
      await own.cut((await account.record()).record.closed.map(({ device }) => device))
    }

    await share(own, running)
  }

  function listen (own: Own, running: Running): void {
    const { signal } = life
    // a store that was closed meanwhile ends this, not the program
    const inBackground = (work: Promise<void>): void => { void work.catch(() => {}) }

    own.addEventListener('own:changed', ({ detail: { names } }) => {
      inBackground(apply(own, of => names.some(name => 'name' in of ? name === of.name : name.startsWith(of.prefix))))
    }, { signal })
    log.addEventListener('record:changed', ({ detail }) => {
      if (detail.record.record.identity === account.me()?.identity) {
        inBackground(recordChanged(own, running))
      }
    }, { signal })
    account.addEventListener('device:closed', () => { running.keeper.release(own.space) }, { signal })
  }

  return {
    settle,

    async known ({ signal } = {}) {
      signal?.throwIfAborted()

      const aborted = Promise.withResolvers<never>()
      const abort = (): void => { aborted.reject(signal?.reason) }

      signal?.addEventListener('abort', abort, { once: true })

      try {
        await Promise.race([knows.promise, aborted.promise])
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },

    async added ({ device, name, peer }) {
      const own = ownSpace.current()

      await settle()

      if (own != null && await mayWrite()) {
        await own.set(devicePeers.at(device), peer)
        await own.set(deviceNames.at(device), own.get(deviceNames.at(device)) ?? cleanText(name))
      }
    },

    async begin (running) {
      const own = await ownSpace.open()

      if (own == null || begun) {
        return
      }

      begun = true
      listen(own, running)
      await ownSpace.chain.learn(running.network.services.sync)

      if (account.isClosed()) {
        return
      }

      running.keeper.keep(own.space, [])
      isCurrent = await settings.shared.get()

      if (await ownSpace.chain.isKnown() && await isAlone(own)) {
        await caughtUp(own, running)
      } else {
        running.keeper.caughtUp(own.space, { signal: life.signal }).then(async () => caughtUp(own, running)).catch(() => {})
      }
    }
  }
}
