import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../src/ids.ts'
import { epochId, openEpoch, openPayload } from '../../src/space/index.ts'
import { readVectors } from '../vectors.ts'
import { errorName } from '../wall/to-json.ts'
import type { SealedHeader } from '../../src/space/index.ts'

type HeaderJson = Omit<SealedHeader, 'epoch'> & { epoch: string }

interface Vectors {
  epoch: { key: string, id: string }
  valid: Array<{ title: string, header: HeaderJson, payload: string, sealed: string }>
  invalid: Array<{ title: string, header: HeaderJson, sealed: string, error: string }>
}

function fromJson (header: HeaderJson): SealedHeader {
  return { ...header, epoch: fromHex(header.epoch) }
}

describe('space vectors', () => {
  it('[SP3] to [SP9] open as they say', async () => {
    const { epoch, valid, invalid } = await readVectors<Vectors>('space')
    const opened = await openEpoch(fromHex(epoch.key))

    expect(toHex(epochId(fromHex(epoch.key)))).to.equal(epoch.id)

    for (const { title, header, payload, sealed } of valid) {
      expect(toHex(await openPayload(opened, fromJson(header), fromHex(sealed))), title).to.equal(payload)
    }

    for (const { title, header, sealed, error } of invalid) {
      expect(await errorName(async () => openPayload(opened, fromJson(header), fromHex(sealed))), title).to.equal(error)
    }
  })
})
