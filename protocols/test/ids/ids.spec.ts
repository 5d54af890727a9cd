import { expect } from 'aegir/chai'
import { base32 } from 'multiformats/bases/base32'
import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import {
  deviceId, entryCid, entryId, entryIdFromCid, fromHex, idBytes, identityFromText, identityId, identityToText, payloadCid, publicWall,
  spaceId, toHex, wallOwner
} from '../../src/ids.ts'

const key = Uint8Array.from({ length: 32 }, (_, i) => i)

describe('ids', () => {
  it('[EN9] are 32 bytes, and the same bytes again', () => {
    for (const make of [identityId, deviceId, spaceId, entryId]) {
      expect(make(key)).to.equal(toHex(key))
      expect(idBytes(make(key))).to.deep.equal(key)

      for (const length of [0, 31, 33, 64]) {
        expect(() => make(new Uint8Array(length))).to.throw().with.property('name', 'MalformedIdError')
      }

      expect(() => make([...key] as unknown as Uint8Array)).to.throw().with.property('name', 'MalformedIdError')
    }
  })

  it('[EN9] compare in the order of their bytes', () => {
    const ids = [0xff, 0x00, 0x7f, 0x80].map(byte => entryId(new Uint8Array(32).fill(byte)))

    expect(ids.sort().map(id => fromHex(id)[0])).to.deep.equal([0x00, 0x7f, 0x80, 0xff])
  })

  it('[EN9] of a public wall is the identity of its owner', () => {
    expect(publicWall(identityId(key))).to.equal(spaceId(key))
    expect(wallOwner(publicWall(identityId(key)))).to.equal(identityId(key))
  })

  it('[EN10] of a person is text that begins with k51, and back', () => {
    const text = identityToText(identityId(key))

    expect(text).to.match(/^k51[0-9a-z]{59}$/)
    expect(identityFromText(text)).to.equal(identityId(key))
    expect(identityFromText(`  ${text.toUpperCase()}\n`)).to.equal(identityId(key))
    expect(CID.parse(text, base36).code).to.equal(0x72)
  })

  it('[EN10] refuses text that is not the id of a person', () => {
    const good = CID.parse(identityToText(identityId(key)), base36)

    for (const text of [
      '', 'k51', 'hello', 'k51!!!', identityToText(identityId(key)).slice(0, -1), `${identityToText(identityId(key))}0`,
      good.toString(base32), CID.createV1(0x71, good.multihash).toString(base36), entryCid(entryId(key)).toString(base36),
      '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo', 'k'.repeat(10_000)
    ]) {
      expect(() => identityFromText(text), text.slice(0, 80)).to.throw().with.property('name', 'MalformedIdError')
    }
  })

  it('[EN11] of an entry is a version 1 dag-cbor sha2-256 link, and nothing else is', () => {
    const cid = entryCid(entryId(key))

    expect(toHex(cid.bytes)).to.equal(`01711220${toHex(key)}`)
    expect(entryIdFromCid(cid)).to.equal(entryId(key))

    for (const bytes of [`01551220${toHex(key)}`, `1220${toHex(key)}`, `0171122100${toHex(key)}`, `0171121f${toHex(key).slice(2)}`, `01711620${toHex(key)}`]) {
      expect(() => entryIdFromCid(CID.decode(fromHex(bytes))), bytes).to.throw().with.property('name', 'MalformedIdError')
    }
  })

  it('[EN11] of a payload is dag-cbor when public and raw when sealed', () => {
    expect(toHex(payloadCid(key, false).bytes)).to.equal(`01711220${toHex(key)}`)
    expect(toHex(payloadCid(key, true).bytes)).to.equal(`01551220${toHex(key)}`)
  })
})
