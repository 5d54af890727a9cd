import { expect } from 'aegir/chai'
import { fromHex } from '../../src/ids.ts'
import { decodeRelayInfo, decodeSignedRelayInfo } from '../../src/relay-info/index.ts'
import { readVectors } from '../vectors.ts'
import { errorName } from '../wall/to-json.ts'

interface Vectors {
  valid: Array<{ title: string, bytes: string, relay: unknown, time?: number }>
  invalid: Array<{ title: string, bytes: string, error: string }>
}

describe('relay-info vectors', () => {
  it('[RI1] to [RI14] are read as they say', async () => {
    const { valid, invalid, signed } = await readVectors<Vectors & { signed: Vectors }>('relay-info')

    for (const { title, bytes, relay } of valid) {
      expect(decodeRelayInfo(fromHex(bytes)), title).to.deep.equal(relay)
    }

    for (const { title, bytes, error } of invalid) {
      expect(await errorName(() => decodeRelayInfo(fromHex(bytes))), title).to.equal(error)
    }

    for (const { title, bytes, relay, time } of signed.valid) {
      expect(await decodeSignedRelayInfo(fromHex(bytes)), title).to.deep.include({ info: relay, time })
    }

    for (const { title, bytes, error } of signed.invalid) {
      expect(await errorName(async () => decodeSignedRelayInfo(fromHex(bytes))), title).to.equal(error)
    }
  })
})
