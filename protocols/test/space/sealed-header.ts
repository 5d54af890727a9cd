import { deviceId, entryId, identityId, spaceId } from '../../src/ids.ts'
import { epochId } from '../../src/space/index.ts'
import type { SealedHeader } from '../../src/space/index.ts'

export const KEY = new Uint8Array(32).fill(1)

export const HEADER: SealedHeader = {
  v: 1,
  space: spaceId(new Uint8Array(32).fill(2)),
  identity: identityId(new Uint8Array(32).fill(3)),
  rec: 4,
  device: deviceId(new Uint8Array(32).fill(5)),
  seq: 6,
  prev: entryId(new Uint8Array(32).fill(7)),
  time: 8,
  epoch: epochId(KEY)
}
