import { expect } from 'aegir/chai'
import { fromHex, identityId } from '../../src/ids.ts'
import { decodeEntry } from '../../src/log/entry.ts'
import { createWall, decodePayload } from '../../src/wall/index.ts'
import { readVectors } from '../vectors.ts'
import { errorName, toJson } from './to-json.ts'

interface PayloadVectors {
  valid: Array<{ title: string, bytes: string, payload: unknown }>
  invalid: Array<{ title: string, bytes: string, error: string }>
}

interface WallVector {
  owner: string
  firstSeen: number
  entries: string[]
  view: unknown
  dropped: string[]
}

describe('wall vectors', () => {
  it('[WA1] to [WA9] payloads are read as they say', async () => {
    const { valid, invalid } = await readVectors<PayloadVectors>('wall-payload')

    for (const { title, bytes, payload } of valid) {
      expect(toJson(decodePayload(fromHex(bytes))), title).to.deep.equal(payload)
    }

    for (const { title, bytes, error } of invalid) {
      expect(await errorName(() => decodePayload(fromHex(bytes))), title).to.equal(error)
    }
  })

  it('[WA20] to [WA44] entries give the wall that they say, in both directions', async () => {
    const { owner, firstSeen, entries, view, dropped } = await readVectors<WallVector>('wall')

    for (const order of [entries, entries.toReversed()]) {
      const wall = createWall(identityId(fromHex(owner)))
      const ids = order.flatMap(entry => wall.add(decodeEntry(fromHex(entry)), firstSeen))

      expect(toJson(wall.view())).to.deep.equal(view)
      expect(new Set<string>(ids)).to.deep.equal(new Set(dropped))
    }
  })
})
