/** What this device remembers about its surroundings. Most of it is the same on all own devices, once this one knows what they share. */
import { readArray, readBoolean, readBytes, readMap, readText } from '../codec/index.ts'
import { idBytes, identityId, spaceId } from '../ids.ts'
import { MAX_NAME_BYTES, MAX_RELAYS } from '../limits.ts'
import { contacts as sharedContacts, follows as sharedFollows, ownRelays, settings as sharedSettings } from '../own/index.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_PEERS_OF_ONE } from './constants.ts'
import { createDocument } from './documents.ts'
import { sharedList, sharedValue } from './shared-documents.ts'
import type { Document, DocumentInit } from './documents.ts'
import type { KeptDocument, SharedDocument } from './shared-documents.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Store } from '../interface.ts'
import type { Own, Register, SettingName } from '../own/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

const MAX_FOLLOWS = 5_000
const MAX_CONTACTS = 5_000
const MAX_PEER_CHARACTERS = 128
const DIRECT = 'direct' as SettingName

export interface Followed {
  space: SpaceId
  /** Where it could be had when it was followed; the wall's own `reach` is newer */
  relays: RelayInfo[]
}

/** Somebody one may connect to directly, or who may connect here */
export interface Contact {
  identity: IdentityId
  name: string
  /** Transport ids of their devices, as they last said */
  peers: string[]
  /** Relays at which those devices can be called */
  relays: RelayInfo[]
  /** An invite token that has not been spent yet */
  token?: Uint8Array
}

export interface Settings {
  relays: SharedDocument<RelayInfo[]>
  follows: SharedDocument<Followed[]>
  contacts: SharedDocument<Contact[]>
  /** Transport ids of one's own other devices */
  ownPeers: Document<string[]>
  /** Whether friends may connect directly, and so learn this device's address */
  direct: SharedDocument<boolean>
  /** Whether a backup was saved since joining */
  backedUp: Document<boolean>
  /** Whether the store may lack entries that this device wrote: until somebody who has the wall was heard, it must not write */
  unsure: Document<boolean>
  /** The same of what it wrote in the space of the own devices */
  unsureOwn: Document<boolean>
  /** Whether this device has once known what own devices share, so that nothing is kept here instead any more */
  shared: Document<boolean>
  /**
   * Relays, follows, contacts and `direct` are what own devices share from now on; what was kept of them here goes there. Once the space of
   * the own devices has been caught up with, or nobody else has written in it. What is changed while `mayWrite` says no goes there at the
   * next call after that.
   */
  share (own: Own, mayWrite?: () => Promise<boolean>): Promise<void>
}

const peersOf = (value: unknown): string[] => readArray(value, 'peers', MAX_PEERS_OF_ONE).map(peer => readText(peer, 'peer', MAX_PEER_CHARACTERS))
const relaysOf = (value: unknown): RelayInfo[] => readArray(value, 'relays', MAX_RELAYS).map(readRelayInfo)

function readFollowed (value: unknown): Followed {
  const fields = readMap(value, 'A followed wall', ['space', 'relays'])

  return { space: spaceId(readBytes(fields.space, 'space', 32)), relays: relaysOf(fields.relays) }
}

function readContact (value: unknown): Contact {
  const fields = readMap(value, 'A contact', ['identity', 'name', 'peers', 'relays'], ['token'])

  return {
    identity: identityId(readBytes(fields.identity, 'identity', 32)),
    name: readText(fields.name, 'name', MAX_NAME_BYTES),
    peers: peersOf(fields.peers),
    relays: relaysOf(fields.relays),
    ...(fields.token == null ? {} : { token: readBytes(fields.token, 'token') })
  }
}

function keptDocument<T> (init: DocumentInit<T>): KeptDocument<T> {
  return {
    local: createDocument(init),
    apart: createDocument<{ before: T, after: T } | null>({
      store: init.store,
      name: `${init.name}-apart`,
      initial: null,
      write: changes => changes == null ? null : { before: init.write(changes.before), after: init.write(changes.after) },

      read (value) {
        if (value == null) {
          return null
        }

        const { before, after } = readMap(value, 'What was changed apart', ['before', 'after'])

        return { before: init.read(before), after: init.read(after) }
      }
    })
  }
}

/** Whether friends may connect directly, as own devices share it */
export const sharedDirect: Register<boolean> = { ...sharedSettings.at(DIRECT), read: value => readBoolean(value, DIRECT) }

export function createSettings (store: Store): Settings {
  const flagInit = (name: string, initial = false): DocumentInit<boolean> => ({ store, name, initial, read: value => readBoolean(value, name), write: value => value })
  const flag = (name: string): Document<boolean> => createDocument(flagInit(name))
  const localRelays = keptDocument<RelayInfo[]>({ store, name: 'relays', initial: [], read: relaysOf, write: relays => relays.map(relayInfoValue) })
  const localFollows = keptDocument<Followed[]>({
    store,
    name: 'follows',
    initial: [],
    read: value => readArray(value, 'follows', MAX_FOLLOWS).map(readFollowed),
    write: follows => follows.map(({ space, relays }) => ({ space: idBytes(space), relays: relays.map(relayInfoValue) }))
  })
  const localContacts = keptDocument<Contact[]>({
    store,
    name: 'contacts',
    initial: [],
    read: value => readArray(value, 'contacts', MAX_CONTACTS).map(readContact),
    write: contacts => contacts.map(({ identity, name, peers, relays, token }) => ({
      identity: idBytes(identity), name, peers, relays: relays.map(relayInfoValue), ...(token == null ? {} : { token })
    }))
  })
  // a relay through which this device was reached so far may be the only one of them that is still there
  const relays = sharedValue(localRelays, ownRelays, [], (here, there) => [...here.filter(({ peer }) => !there.some(info => info.peer === peer)), ...there].slice(0, MAX_RELAYS))
  const follows = sharedList({
    kept: localFollows,
    collection: sharedFollows,
    keyOf: ({ space }) => space,
    valueOf: ({ relays }) => ({ relays }),
    itemOf: (space, { relays }) => ({ space, relays })
  })
  const contacts = sharedList({
    kept: localContacts,
    collection: sharedContacts,
    keyOf: ({ identity }) => identity,
    valueOf: ({ identity, ...card }) => card,
    itemOf: (identity, card) => ({ identity, ...card })
  })
  const direct = sharedValue(keptDocument(flagInit('direct', true)), sharedDirect, true)

  return {
    relays,
    follows,
    contacts,
    ownPeers: createDocument<string[]>({ store, name: 'own-peers', initial: [], read: peersOf, write: peers => peers }),
    direct,
    unsure: flag('unsure'),
    unsureOwn: flag('unsure-own'),
    shared: flag('shared'),
    backedUp: flag('backed-up'),

    async share (own, mayWrite) {
      for (const document of [relays, follows, contacts, direct]) {
        await document.share(own, mayWrite)
      }
    }
  }
}
