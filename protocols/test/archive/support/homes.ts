/** Places with a log, walls and media, of which one is the author's. */
import { systemClock, systemRandom } from '../../../src/interface.ts'
import { createLog } from '../../../src/log/index.ts'
import { createWalls } from '../../../src/peer/walls.ts'
import { memoryStore } from '../../../src/storage/index.ts'
import { person } from '../../../src/testing/simulator-people.ts'
import { createWall, encodePayload } from '../../../src/wall/index.ts'
import { noiseBytes, startPeer } from '../../media/support/peers.ts'
import type { EntryId } from '../../../src/ids.ts'
import type { Store } from '../../../src/interface.ts'
import type { Entry, Log } from '../../../src/log/index.ts'
import type { Media } from '../../../src/media/index.ts'
import type { Walls } from '../../../src/peer/walls.ts'
import type { Person } from '../../../src/testing/simulator-people.ts'
import type { ImageRef, MediaRef, Payload } from '../../../src/wall/index.ts'

export interface Home {
  log: Log
  media: Media
  walls: Walls
}

export async function makeHome (store: Store = memoryStore(), blocks: Store = memoryStore()): Promise<Home> {
  const log = createLog({ store, clock: systemClock })
  const { media } = await startPeer({ store: blocks })

  return { log, media, walls: createWalls({ log, clock: systemClock, createWall }) }
}

export async function writer (author: Person, { log }: Pick<Home, 'log'>, device: number = 0): Promise<(payload: Payload, time?: number) => Promise<Entry>> {
  await log.putRecord(author.record)

  return async (payload, time = 1_700_000_000_000) => log.append(author.signers[device], {
    space: author.space, identity: author.identity, rec: author.record.record.seq, payload: encodePayload(payload, systemRandom), time
  })
}

async function addPicture (media: Media, size: number, seed: number): Promise<MediaRef> {
  const { cid } = await media.add(noiseBytes(size, seed))

  await media.pin(cid, { providers: [], maxBytes: 2 * size + 1024 * 1024 })

  return { cid, size, type: 'image/jpeg', width: 640, height: 480 }
}

export async function addImage (media: Media, size: number, seed: number): Promise<ImageRef> {
  return {
    small: await addPicture(media, Math.ceil(size / 4), seed),
    large: await addPicture(media, size, seed + 1),
    blur: new Uint8Array(8),
    alt: `What picture ${seed} shows`
  }
}

/** A wall of so many posts with edits, deletions and pictures, one of which has several blocks */
export async function writeWall (author: Person, home: Home, posts: number, largest: number = 900_000): Promise<void> {
  const write = await writer(author, home)
  const hour = 3_600_000
  const profile = await write({ kind: 'profile', name: 'Anna', bio: 'Bakes', after: [] })
  const ids: EntryId[] = []

  await write({ kind: 'profile', name: 'Anna B.', bio: 'Bakes bread', avatar: await addImage(home.media, 3_000, 7_001), after: [profile.id] })

  for (let i = 0; i < posts; i++) {
    const images = i % 30 === 0 ? [await addImage(home.media, i === 0 ? largest : 5_000, 1 + 10 * i)] : undefined
    const { id } = await write({ kind: 'post', text: `Post ${i} – “schöne Grüße”`, ...(images == null ? {} : { images }), ...(i % 7 === 0 ? { warning: 'Long' } : {}) }, 1_700_000_000_000 + i * hour)

    ids.push(id)

    if (i % 10 === 5) {
      await write({ kind: 'edit', of: ids[i - 1], after: [], text: `Post ${i - 1}, better` }, 1_700_000_000_000 + i * hour + 1)
    }

    if (i % 25 === 24) {
      await write({ kind: 'tombstone', of: ids[i - 3] }, 1_700_000_000_000 + i * hour + 2)
    }
  }
}

export async function anna (): Promise<Person> {
  return person('anna', 2)
}
