import { expect } from 'aegir/chai'
import { sha256 } from '../../src/hash.ts'
import { toHex, wallOwner } from '../../src/ids.ts'
import { encodeEntry } from '../../src/log/index.ts'
import { countingEntries, scenarioOf, simulate } from '../../src/testing/simulator.ts'
import { createWall } from '../../src/wall/index.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { Entry } from '../../src/log/index.ts'
import type { Outcome, Scenario } from '../../src/testing/simulator.ts'

const SEEDS = Number(process.env.PERGOLA_SEEDS ?? 500)
const FIRST = Number(process.env.PERGOLA_FIRST_SEED ?? 1)

/** What a reader sees, as something that can be compared: the entries that count, byte for byte, and the wall that is made of them */
function shown (entries: Entry[], space: SpaceId): { entries: string[], wall: string } {
  const wall = createWall(wallOwner(space))

  entries.forEach(entry => { wall.add(entry, entry.header.time) })

  return { entries: entriesOf(entries), wall: JSON.stringify(wall.view()) }
}

function entriesOf (entries: Entry[]): string[] {
  return entries.map(entry => `${entry.header.device.slice(0, 4)} ${entry.header.seq} ${toHex(sha256(encodeEntry(entry))).slice(0, 8)}`)
}

/** What must count in the end as far as the author can tell: all that a device wrote that was never copied nor closed */
function certain ({ acked, author }: Outcome, { fork, closures }: Scenario): string[] {
  const doubtful = new Set([fork?.device, ...closures.map(({ device }) => device)])
  const sure = author.signers.filter((_, i) => !doubtful.has(i)).map(signer => author.chain(signer).device)

  return acked.filter(({ header }) => sure.includes(header.device)).map(({ id }) => id)
}

describe('convergence', () => {
  it(`[SY90] all readers end with the same entries and wall, byte for byte, in ${SEEDS} simulated histories`, async function () {
    this.timeout(600_000)

    const seen = { posts: 0, edits: 0, forks: 0, cuts: 0, restarts: 0, partitions: 0 }

    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const scenario = scenarioOf(seed)
      const outcome = await simulate(scenario)
      const [first, ...others] = outcome.peers
      const entries = await countingEntries(first.log, outcome.author.space)
      const expected = shown(entries, outcome.author.space)

      expect(outcome.failures, `seed ${seed}`).to.deep.equal([])
      expect(entries.map(({ id }) => id), `seed ${seed}: something acked is missing`).to.include.members(certain(outcome, scenario))

      seen.posts += Math.min(1, JSON.parse(expected.wall).posts.length)
      seen.edits += expected.wall.includes('editedAt') ? 1 : 0
      seen.forks += (await first.log.chains(outcome.author.space)).some(({ fork }) => fork != null) ? 1 : 0
      seen.cuts += outcome.record.record.closed.some(({ cut }) => entries.some(({ id }) => id === cut)) ? 1 : 0
      seen.restarts += scenario.restarts.length
      seen.partitions += scenario.partitions.length

      for (const peer of others) {
        expect(shown(await countingEntries(peer.log, outcome.author.space), outcome.author.space), `seed ${seed}: ${peer.name}`).to.deep.equal(expected)
        expect((await peer.log.record(outcome.author.identity))?.bytes, `seed ${seed}: record of ${peer.name}`).to.deep.equal(outcome.record.bytes)
      }
    }

    // a simulator in which nothing happens proves nothing
    if (SEEDS >= 100) {
      for (const count of Object.values(seen)) {
        expect(count, JSON.stringify(seen)).to.be.above(SEEDS / 10)
      }
    }
  })
})
