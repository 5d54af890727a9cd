import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { deviceId, entryId, identityId, spaceId } from '../../src/ids.ts'
import { MAX_DEVICES, MAX_NAME_BYTES, MAX_RELAYS } from '../../src/limits.ts'
import { contacts, deviceNames, deviceOrder, devicePeers, drafts, follows, MAX_CONTACT_PEERS, MAX_DRAFT_TEXT_BYTES, MAX_REGISTER_NAME_BYTES, MAX_VALUE_BYTES, mutes, ownRelays, readingSecrets, readMarks, settings, verifiedDevices, verifiedPeople } from '../../src/own/index.ts'
import type { Collection, DraftId, ReadingKey, Register, SettingName } from '../../src/own/index.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'

const bytes = new Uint8Array(32).fill(0xab)
const [identity, space, device, entry] = [identityId(bytes), spaceId(bytes), deviceId(bytes), entryId(bytes)]
const hex = 'ab'.repeat(32)
const draft = 'cd'.repeat(16) as DraftId

function relay (n: number): RelayInfo {
  return { v: 1, peer: `12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXT${n}`, addrs: [`/dns4/relay${n}.example/tcp/443/wss`] } as unknown as RelayInfo
}

/** Whether what is written is read again */
function comesBack<T> (register: Register<T>, value: T): void {
  expect(register.read(register.write(value))).to.deep.equal(value)
  expect(encode(register.write(value)).length).to.be.at.most(MAX_VALUE_BYTES)
}

function refuses<T> (register: Register<T>, value: T): void {
  expect(() => register.read(register.write(value))).to.throw().with.property('name').that.is.oneOf(['MalformedError', 'LimitExceededError'])
}

describe('registers that are known', () => {
  it('[OW40] names', () => {
    expect([
      follows.at(space), contacts.at(identity), mutes.at(identity), readMarks.at(space), drafts.at(draft), deviceNames.at(device), devicePeers.at(device), deviceOrder, readingSecrets.at(hex as ReadingKey),
      ownRelays, settings.at('direct' as SettingName), verifiedPeople.at(identity), verifiedDevices.at(device)
    ].map(({ name }) => name)).to.deep.equal([
      `follow/${hex}`, `contact/${hex}`, `mute/${hex}`, `read/${hex}`, `draft/${draft}`, `device-name/${hex}`, `device-peer/${hex}`, 'device-order', `reading/${hex}`,
      'relays', 'setting/direct', `verified/${hex}`, `verified-device/${hex}`
    ])
  })

  it('[OW40] a name tells its key, and nothing where it is of another collection', () => {
    expect(follows.keyOf(`follow/${hex}`)).to.equal(space)

    for (const name of ['follow/', `follow/${hex}0`, `follow/${hex.toUpperCase()}`, `contact/${hex}`, 'relays', `follow/${hex}/x`]) {
      expect(follows.keyOf(name), name).to.equal(undefined)
    }

    for (const [collection, key] of [[drafts, 'x'], [settings, 'A'], [settings, ''], [settings, 'a'.repeat(65)], [mutes, 'ab']] as Array<[Collection<string, unknown>, string]>) {
      expect(() => collection.at(key)).to.throw()
    }

    expect(settings.at('a'.repeat(64) as SettingName).name.length).to.be.below(MAX_REGISTER_NAME_BYTES)
  })

  it('[OW40] values come back as they were', () => {
    comesBack(follows.at(space), { relays: [] })
    comesBack(contacts.at(identity), { name: 'Ben', peers: ['a', 'b'], relays: [], token: Uint8Array.of(1) })
    comesBack(contacts.at(identity), { name: 'x'.repeat(MAX_NAME_BYTES), peers: Array.from({ length: MAX_CONTACT_PEERS }, () => 'p'.repeat(128)), relays: [], token: new Uint8Array(256) })
    comesBack(mutes.at(identity), {})
    comesBack(mutes.at(identity), { until: 5 })
    comesBack(readMarks.at(space), { time: 5, id: entry })
    comesBack(drafts.at(draft), { text: 'x'.repeat(MAX_DRAFT_TEXT_BYTES), warning: 'w'.repeat(512), of: entry })
    comesBack(deviceNames.at(device), 'Phone')
    comesBack(devicePeers.at(device), 'p'.repeat(128))
    comesBack(deviceOrder, { order: Array.from({ length: MAX_DEVICES }, () => device), fixed: device })
    comesBack(deviceOrder, { order: [] })
    comesBack(readingSecrets.at(hex as ReadingKey), bytes)
    comesBack(ownRelays, [])
    comesBack(verifiedPeople.at(identity), { time: 5, devices: Array.from({ length: MAX_DEVICES }, () => device) })
    comesBack(verifiedDevices.at(device), 5)
    comesBack(settings.at('direct' as SettingName), true)
    comesBack(settings.at('size' as SettingName), 5)
    comesBack(settings.at('lang' as SettingName), 'x'.repeat(1_024))
  })

  it('[OW40] one over each limit is refused', () => {
    refuses(contacts.at(identity), { name: 'x'.repeat(MAX_NAME_BYTES + 1), peers: [], relays: [] })
    refuses(verifiedPeople.at(identity), { time: 5, devices: Array.from({ length: MAX_DEVICES + 1 }, () => device) })
    refuses(contacts.at(identity), { name: 'x', peers: Array.from({ length: MAX_CONTACT_PEERS + 1 }, () => 'p'), relays: [] })
    refuses(contacts.at(identity), { name: 'x', peers: ['p'.repeat(129)], relays: [] })
    refuses(contacts.at(identity), { name: 'x', peers: [], relays: [], token: new Uint8Array(257) })
    refuses(drafts.at(draft), { text: 'x'.repeat(MAX_DRAFT_TEXT_BYTES + 1) })
    refuses(drafts.at(draft), { text: '', warning: 'w'.repeat(513) })
    refuses(deviceNames.at(device), 'x'.repeat(MAX_NAME_BYTES + 1))
    refuses(devicePeers.at(device), 'p'.repeat(129))
    refuses(deviceOrder, { order: Array.from({ length: MAX_DEVICES + 1 }, () => device) })
    refuses(readingSecrets.at(hex as ReadingKey), new Uint8Array(31))
    refuses(settings.at('lang' as SettingName), 'x'.repeat(1_025))
    refuses(settings.at('size' as SettingName), -1)
    refuses(mutes.at(identity), { until: 1.5 })
    expect(() => ownRelays.read(Array.from({ length: MAX_RELAYS + 1 }, (_, i) => relay(i)))).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[OW40] fields of later versions are ignored', () => {
    expect(mutes.at(identity).read({ until: 5, more: 1 })).to.deep.equal({ until: 5 })
    expect(contacts.at(identity).read({ name: 'Ben', peers: [], relays: [], more: 1 })).to.deep.equal({ name: 'Ben', peers: [], relays: [] })
  })
})
