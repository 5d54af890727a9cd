/** What this device remembers about its surroundings. Relays, follows and contacts are the same on all own devices, once it knows what they share. */
import { readArray, readBoolean, readBytes, readMap, readText } from '../codec/index.ts'
import { idBytes, identityId, spaceId } from '../ids.ts'
import { MAX_NAME_BYTES, MAX_RELAYS } from '../limits.ts'
import { contacts as sharedContacts, follows as sharedFollows, ownRelays } from '../own/index.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_PEERS_OF_ONE } from './constants.ts'
import { createDocument } from './documents.ts'
import { sharedList, sharedValue } from './shared-documents.ts'
import type { Document } from './documents.ts'
import type { SharedDocument } from './shared-documents.ts'
import type { IdentityId, SpaceId } from '../ids.ts'
import type { Store } from '../interface.ts'
import type { Own } from '../own/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'

const MAX_FOLLOWS = 5_000
const MAX_CONTACTS = 5_000
const MAX_PEER_CHARACTERS = 128

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
  direct: Document<boolean>
  /** Whether a backup was saved since joining */
  backedUp: Document<boolean>
  /** Whether the store may lack entries that this device wrote: until somebody who has the wall was heard, it must not write */
  unsure: Document<boolean>
  /**
   * Relays, follows and contacts are what own devices share from now on; what was kept of them here goes there. Once the space of the own
   * devices has been caught up with, or nobody else has written in it.
   */
  share (own: Own): Promise<void>
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

export function createSettings (store: Store): Settings {
  const localRelays = createDocument<RelayInfo[]>({ store, name: 'relays', initial: [], read: relaysOf, write: relays => relays.map(relayInfoValue) })
  const localFollows = createDocument<Followed[]>({
    store,
    name: 'follows',
    initial: [],
    read: value => readArray(value, 'follows', MAX_FOLLOWS).map(readFollowed),
    write: follows => follows.map(({ space, relays }) => ({ space: idBytes(space), relays: relays.map(relayInfoValue) }))
  })
  const localContacts = createDocument<Contact[]>({
    store,
    name: 'contacts',
    initial: [],
    read: value => readArray(value, 'contacts', MAX_CONTACTS).map(readContact),
    write: contacts => contacts.map(({ identity, name, peers, relays, token }) => ({
      identity: idBytes(identity), name, peers, relays: relays.map(relayInfoValue), ...(token == null ? {} : { token })
    }))
  })
  const relays = sharedValue(localRelays, ownRelays, [])
  const follows = sharedList({
    local: localFollows,
    collection: sharedFollows,
    keyOf: ({ space }) => space,
    valueOf: ({ relays }) => ({ relays }),
    itemOf: (space, { relays }) => ({ space, relays })
  })
  const contacts = sharedList({
    local: localContacts,
    collection: sharedContacts,
    keyOf: ({ identity }) => identity,
    valueOf: ({ identity, ...card }) => card,
    itemOf: (identity, card) => ({ identity, ...card })
  })

  return {
    relays,
    follows,
    contacts,
    ownPeers: createDocument<string[]>({ store, name: 'own-peers', initial: [], read: peersOf, write: peers => peers }),
    direct: createDocument<boolean>({ store, name: 'direct', initial: true, read: value => readBoolean(value, 'direct'), write: value => value }),
    unsure: createDocument<boolean>({ store, name: 'unsure', initial: false, read: value => readBoolean(value, 'unsure'), write: value => value }),
    backedUp: createDocument<boolean>({ store, name: 'backed-up', initial: false, read: value => readBoolean(value, 'backedUp'), write: value => value }),

    async share (own) {
      for (const document of [relays, follows, contacts]) {
        await document.share(own)
      }
    }
  }
}
