import { expect } from 'aegir/chai'
import { fromHex } from '../../src/ids.ts'
import { ownSpaceId } from '../../src/own/index.ts'
import { decodeOwnPayload } from '../../src/own/payload.ts'
import { Registers } from '../../src/own/registers.ts'
import { readVectors } from '../vectors.ts'
import { errorName, toJson } from '../wall/to-json.ts'
import type { RegisterVersion } from '../../src/own/registers.ts'

interface Vectors {
  spaces: Array<{ seed: string, id: string }>
  payloads: Array<{ title: string, bytes: string } & ({ payload: unknown } | { error: string })>
  registers: Array<{ title: string, versions: Array<Omit<RegisterVersion, 'value'> & { value: string }>, standing: Record<string, string> }>
}

describe('own vectors', () => {
  it('[OW1] the space of a seed', async () => {
    for (const { seed, id } of (await readVectors<Vectors>('own')).spaces) {
      expect(ownSpaceId(fromHex(seed))).to.equal(id)
    }
  })

  it('[OW20] to [OW23] payloads mean what they say', async () => {
    const { payloads } = await readVectors<Vectors>('own')

    for (const { title, bytes, ...expected } of payloads) {
      const decode = (): unknown => toJson(decodeOwnPayload(fromHex(bytes)))

      if ('error' in expected) {
        expect(await errorName(decode), title).to.equal(expected.error)
      } else {
        expect(decode(), title).to.deep.equal(expected.payload)
      }
    }
  })

  it('[OW25] the same versions stand', async () => {
    const { registers } = await readVectors<Vectors>('own')

    for (const { title, versions, standing } of registers) {
      const made = new Registers()

      versions.forEach(({ value, ...version }) => made.add({ ...version, value: fromHex(value) }))
      expect(Object.fromEntries(made.standing()), title).to.deep.equal(standing)
    }
  })
})
