import { expect } from 'aegir/chai'
import { fromHex, toHex } from '../../src/ids.ts'
import { decodeBundle, epochId, openBundle, openEpoch, openPayload } from '../../src/space/index.ts'
import { readVectors } from '../vectors.ts'
import { errorName } from '../wall/to-json.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { SealedHeader } from '../../src/space/index.ts'

type HeaderJson = Omit<SealedHeader, 'epoch'> & { epoch: string }

interface Vectors {
  epoch: { key: string, id: string }
  valid: Array<{ title: string, header: HeaderJson, payload: string, sealed: string }>
  invalid: Array<{ title: string, header: HeaderJson, sealed: string, error: string }>
  bundles: Array<{ title: string, space: SpaceId, block: string, secrets: string[] } & ({ key: string | null } | { error: string })>
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

  it('[SP12] to [SP19] key bundles open as they say', async () => {
    const { bundles } = await readVectors<Vectors>('space')

    for (const { title, space, block, secrets, ...expected } of bundles) {
      const open = async (): Promise<Uint8Array | undefined> => openBundle(space, decodeBundle(fromHex(block)), secrets.map(fromHex))

      if ('error' in expected) {
        expect(await errorName(open), title).to.equal(expected.error)
      } else {
        const key = await open()

        expect(key == null ? null : toHex(key), title).to.equal(expected.key)
      }
    }
  })
})
