import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { createWall } from '../../src/wall/index.ts'
import { createWriter, imageRef, OWNER, withoutPayload } from './make-entries.ts'
import type { EntryId } from '../../src/ids.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Payload, Wall, WallView } from '../../src/wall/index.ts'

const NOW = 50

interface Step {
  device: number
  kind: 'post' | 'edit' | 'tombstone' | 'profile' | 'reach' | 'garbage'
  time: number
  /** Picks what an edit or tombstone is of, and what is replaced */
  of: number
  after: number[]
}

const step = fc.record<Step>({
  device: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom('post', 'edit', 'edit', 'tombstone', 'profile', 'reach', 'garbage'),
  time: fc.nat(100),
  of: fc.nat(1_000),
  after: fc.array(fc.nat(1_000), { maxLength: 3 })
})

/** Edits and tombstones speak of any earlier entry, so that odd combinations come up too */
async function entriesOf (steps: Step[]): Promise<Entry[]> {
  const writers = [1, 2, 3].map(device => createWriter({ device }))
  const made: Entry[] = []
  const pick = (n: number): EntryId => made[n % made.length].id

  for (const [i, { device, kind, time, of, after }] of steps.entries()) {
    const links = made.length === 0 ? [] : after.map(pick)
    const payloads: Record<Step['kind'], () => Payload | Uint8Array> = {
      post: () => ({ kind: 'post', text: `post ${i}`, images: [imageRef(`${of % 5}`)] }),
      edit: () => ({ kind: 'edit', of: pick(of), after: links, text: `edit ${i}` }),
      tombstone: () => ({ kind: 'tombstone', of: pick(of) }),
      profile: () => ({ kind: 'profile', name: `name ${i}`, after: links }),
      reach: () => ({ kind: 'reach', relays: [], after: links }),
      garbage: () => Uint8Array.of(i, of & 255)
    }
    const needsTarget = kind === 'edit' || kind === 'tombstone'

    made.push(await writers[device - 1].write(payloads[needsTarget && made.length === 0 ? 'post' : kind](), time))
  }

  return made
}

function addAll (wall: Wall, entries: Entry[]): Set<EntryId> {
  return new Set(entries.flatMap(entry => wall.add(entry, NOW)))
}

/** View, media and the rest of what a reader can see */
function everything (wall: Wall, entries: Entry[]): { view: WallView, media: string[], located: unknown[], current: EntryId[][] } {
  return {
    view: wall.view(),
    media: wall.media().map(({ cid }) => cid.toString()),
    located: entries.map(({ id }) => wall.locate(id)),
    current: [wall.current('profile'), wall.current('reach'), ...entries.map(({ id }) => wall.current(id))]
  }
}

const shuffled = fc.tuple(fc.array(step, { minLength: 1, maxLength: 14 }), fc.array(fc.nat(1_000), { maxLength: 40 }))

/** Any order that the numbers give, with duplicates, views in between, and every entry at least once */
function arrange (entries: Entry[], numbers: number[]): Entry[] {
  const picked = numbers.map(n => n % 7 === 0 ? withoutPayload(entries[n % entries.length]) : entries[n % entries.length])

  return [...picked, ...entries.map((entry, i) => ({ entry, key: (i * 7_919 + numbers.length * 31) % 101 })).sort((a, b) => a.key - b.key).map(({ entry }) => entry)]
}

describe('wall, for any history', () => {
  it('[WA44] any order of arrival, with any duplicates, gives the same wall and drops the same payloads', async () => {
    await fc.assert(fc.asyncProperty(shuffled, async ([steps, numbers]) => {
      const entries = await entriesOf(steps)
      const straight = createWall(OWNER)
      const mixed = createWall(OWNER)
      const dropped = addAll(straight, entries)
      const arranged = arrange(entries, numbers)
      const droppedToo = new Set<EntryId>()

      for (const [i, entry] of arranged.entries()) {
        for (const id of mixed.add(entry, NOW)) {
          droppedToo.add(id)
        }

        if (i % 3 === 0) {
          mixed.view()
        }
      }

      expect(everything(mixed, entries)).to.deep.equal(everything(straight, entries))
      expect(droppedToo).to.deep.equal(dropped)
    }), { numRuns: 1_000 })
  })

  it('[WA41] what was added and taken out again was never there', async () => {
    await fc.assert(fc.asyncProperty(shuffled, async ([steps, numbers]) => {
      const entries = await entriesOf(steps)
      const out = new Set(numbers.map(n => entries[n % entries.length].id))
      const without = createWall(OWNER)
      const wall = createWall(OWNER)

      addAll(without, entries.filter(({ id }) => !out.has(id)))
      addAll(wall, arrange(entries, numbers))

      if (numbers.length % 2 === 0) {
        wall.view()
      }

      for (const id of out) {
        wall.remove(id)
      }

      expect(everything(wall, entries)).to.deep.equal(everything(without, entries))
    }), { numRuns: 1_000 })
  })

  it('[WA36] a wall that lost the payloads it was told to drop looks the same', async () => {
    await fc.assert(fc.asyncProperty(shuffled, async ([steps]) => {
      const entries = await entriesOf(steps)
      const full = createWall(OWNER)
      const dropped = addAll(full, entries)
      const reopened = createWall(OWNER)

      addAll(reopened, entries.map(entry => dropped.has(entry.id) ? withoutPayload(entry) : entry))

      expect(reopened.view()).to.deep.equal(full.view())
    }), { numRuns: 1_000 })
  })
})
