/** Names and values of the registers that this version knows. Rules: specs/own.md [OW27], [OW28], [OW40]. */
import { readArray, readBytes, readCid, readOpenMap, readText, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { deviceId, entryCid, entryIdFromCid, fromHex, idBytes, identityId, spaceId } from '../ids.ts'
import { MAX_DEVICES, MAX_NAME_BYTES, MAX_RELAYS, MAX_TIME } from '../limits.ts'
import { readRelayInfo, relayInfoValue } from '../relay-info/index.ts'
import { MAX_WARNING_BYTES } from '../wall/index.ts'
import { MAX_CONTACT_PEERS, MAX_CONTACT_TOKEN_BYTES, MAX_DRAFT_TEXT_BYTES, MAX_PEER_BYTES, MAX_SETTING_BYTES } from './constants.ts'
import type { Collection, DraftId, OwnContact, OwnDeviceOrder, OwnDraft, OwnFollow, OwnMute, OwnReadMark, OwnVerified, ReadingKey, Register, SettingName, SettingValue } from './index.ts'
import type { DeviceId, IdentityId, SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

type Codec<T> = Pick<Register<T>, 'read' | 'write'>

const DRAFT_ID = /^[0-9a-f]{32}$/
const READING_KEY = /^[0-9a-f]{64}$/
const SETTING_NAME = /^[a-z0-9-]{1,64}$/

function single<T> (name: string, codec: Codec<T>): Register<T> {
  return { name, ...codec }
}

/** `readKey` throws a named error if the rest of a name is no key of this collection */
function collection<K extends string, T> (prefix: string, readKey: (text: string) => K, codec: Codec<T>): Collection<K, T> {
  return {
    prefix,
    at: key => ({ name: prefix + readKey(key), ...codec }),
    keyOf (name) {
      if (!name.startsWith(prefix)) {
        return undefined
      }

      try {
        return readKey(name.slice(prefix.length))
      } catch {
        return undefined
      }
    }
  }
}

function matching<K extends string> (pattern: RegExp, what: string): (text: string) => K {
  return text => {
    if (!pattern.test(text)) {
      throw new MalformedError(`This is not the name of ${what}`)
    }

    return text as K
  }
}

const relaysOf = (value: unknown): RelayInfo[] => readArray(value, 'relays', MAX_RELAYS).map(readRelayInfo)
const spaceKey = (text: string): SpaceId => spaceId(fromHex(text))
const identityKey = (text: string): IdentityId => identityId(fromHex(text))
const deviceKey = (text: string): DeviceId => deviceId(fromHex(text))
const readDevice = (value: unknown): DeviceId => deviceId(readBytes(value, 'device', 32))

/** Walls that are followed, by space */
export const follows: Collection<SpaceId, OwnFollow> = collection('follow/', spaceKey, {
  read: value => ({ relays: relaysOf(readOpenMap(value, 'A followed wall').relays) }),
  write: ({ relays }) => ({ relays: relays.map(relayInfoValue) })
})

/** Contact cards, by identity */
export const contacts: Collection<IdentityId, OwnContact> = collection('contact/', identityKey, {
  read (value) {
    const fields = readOpenMap(value, 'A contact')
    const token = fields.token == null ? undefined : readBytes(fields.token, 'token')

    if (token != null && token.length > MAX_CONTACT_TOKEN_BYTES) {
      throw new MalformedError('The token of a contact is too long')
    }

    return {
      name: readText(fields.name, 'name', MAX_NAME_BYTES),
      peers: readArray(fields.peers, 'peers', MAX_CONTACT_PEERS).map(peer => readText(peer, 'peer', MAX_PEER_BYTES)),
      relays: relaysOf(fields.relays),
      ...(token == null ? {} : { token })
    }
  },
  write: ({ name, peers, relays, token }) => ({ name, peers, relays: relays.map(relayInfoValue), ...(token == null ? {} : { token }) })
})

/** People who are muted, by identity */
export const mutes: Collection<IdentityId, OwnMute> = collection('mute/', identityKey, {
  read (value) {
    const { until } = readOpenMap(value, 'A mute')

    return until == null ? {} : { until: readUint(until, 'until', MAX_TIME) }
  },
  write: ({ until }) => until == null ? {} : { until }
})

/** Up to where walls were read, by space */
export const readMarks: Collection<SpaceId, OwnReadMark> = collection('read/', spaceKey, {
  read (value) {
    const fields = readOpenMap(value, 'A read mark')

    return { time: readUint(fields.time, 'time', MAX_TIME), id: entryIdFromCid(readCid(fields.id, 'id')) }
  },
  write: ({ time, id }) => ({ time, id: entryCid(id) })
})

/** What was begun and not posted yet, by 16 random bytes */
export const drafts: Collection<DraftId, OwnDraft> = collection('draft/', matching<DraftId>(DRAFT_ID, 'a draft'), {
  read (value) {
    const fields = readOpenMap(value, 'A draft')

    return {
      text: readText(fields.text, 'text', MAX_DRAFT_TEXT_BYTES),
      ...(fields.warning == null ? {} : { warning: readText(fields.warning, 'warning', MAX_WARNING_BYTES) }),
      ...(fields.of == null ? {} : { of: entryIdFromCid(readCid(fields.of, 'of')) })
    }
  },
  write: ({ text, warning, of }) => ({ text, ...(warning == null ? {} : { warning }), ...(of == null ? {} : { of: entryCid(of) }) })
})

/** What one's own devices are called */
export const deviceNames: Collection<DeviceId, string> = collection('device-name/', deviceKey, {
  read: value => readText(value, 'name', MAX_NAME_BYTES),
  write: value => value
})

/** Transport ids under which one's own devices can be called */
export const devicePeers: Collection<DeviceId, string> = collection('device-peer/', deviceKey, {
  read: value => readText(value, 'peer', MAX_PEER_BYTES),
  write: value => value
})

/** People whose safety number was compared, by identity */
export const verifiedPeople: Collection<IdentityId, OwnVerified> = collection('verified/', identityKey, {
  read (value) {
    const fields = readOpenMap(value, 'A safety number that was compared')

    return { time: readUint(fields.time, 'time', MAX_TIME), devices: readArray(fields.devices, 'devices', MAX_DEVICES).map(readDevice) }
  },
  write: ({ time, devices }) => ({ time, devices: devices.map(idBytes) })
})

/** When the safety number of an own device was compared, by device */
export const verifiedDevices: Collection<DeviceId, number> = collection('verified-device/', deviceKey, {
  read: value => readUint(value, 'time', MAX_TIME),
  write: value => value
})

/** Which device acts for all: the fixed one, else the first one that is alive */
export const deviceOrder: Register<OwnDeviceOrder> = single('device-order', {
  read (value) {
    const fields = readOpenMap(value, 'An order of devices')

    return {
      order: readArray(fields.order, 'order', MAX_DEVICES).map(readDevice),
      ...(fields.fixed == null ? {} : { fixed: readDevice(fields.fixed) })
    }
  },
  write: ({ order, fixed }) => ({ order: order.map(idBytes), ...(fixed == null ? {} : { fixed: idBytes(fixed) }) })
})

/** Private halves of the `reading` keys of the identity's records, by public half: what was sealed to any of them stays readable */
export const readingSecrets: Collection<ReadingKey, Uint8Array> = collection('reading/', matching<ReadingKey>(READING_KEY, 'a key'), {
  read: value => readBytes(value, 'A secret', 32).slice(),
  write: value => value
})

/** One's own relays */
export const ownRelays: Register<RelayInfo[]> = single('relays', { read: relaysOf, write: relays => relays.map(relayInfoValue) })

/** Small settings, each by itself */
export const settings: Collection<SettingName, SettingValue> = collection('setting/', matching<SettingName>(SETTING_NAME, 'a setting'), {
  read (value) {
    switch (typeof value) {
      case 'boolean': return value
      case 'number': return readUint(value, 'A setting')
      default: return readText(value, 'A setting', MAX_SETTING_BYTES)
    }
  },
  write: value => value
})
