import { expect } from 'aegir/chai'
import { primaryScenarioOf } from '../../src/testing/simulator-primary-scenario.ts'
import { simulatePrimary } from '../../src/testing/simulator-primary.ts'

const SEEDS = Number(process.env.PERGOLA_SEEDS ?? 300)
const FIRST = Number(process.env.PERGOLA_FIRST_SEED ?? 1)

describe('primary: simulated devices', () => {
  it(`[PR24] [PR25] [PR26] [PR27] whatever happens there is one primary again within 30 s, and what it has to do is done once, in ${SEEDS} simulated histories`, async function () {
    this.timeout(600_000)

    const seen = { checks: 0, stuckChecks: 0, takeovers: 0, doubled: 0, closed: 0 }

    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const scenario = primaryScenarioOf(seed)
      const { devices, ranked, asked, doubled, checks, stuckChecks, faults, takeovers } = await simulatePrimary(scenario)

      expect(faults, `seed ${seed}`).to.deep.equal([])
      expect(devices.filter(({ acts }) => acts).map(({ device }) => device), `seed ${seed}: primary in the end`).to.deep.equal(ranked.slice(0, 1))

      for (const { name, kept, state } of devices) {
        expect(state?.view().primary, `seed ${seed}: seen by ${name}`).to.equal(ranked[0])
        expect([...kept.effects].sort(), `seed ${seed}: effects at ${name}`).to.deep.equal([...asked].sort())
      }

      seen.checks += checks
      seen.stuckChecks += stuckChecks
      seen.takeovers += takeovers
      seen.doubled += doubled
      seen.closed += devices.length < scenario.homes.length ? 1 : 0
    }

    // a simulator in which nothing happens proves nothing
    if (SEEDS >= 100) {
      expect(seen.checks, JSON.stringify(seen)).to.be.above(SEEDS * 20)
      expect(seen.stuckChecks, JSON.stringify(seen)).to.be.above(SEEDS)
      expect(seen.takeovers, JSON.stringify(seen)).to.be.above(SEEDS)
      expect(seen.doubled, JSON.stringify(seen)).to.be.above(SEEDS / 50)
      expect(seen.closed, JSON.stringify(seen)).to.be.above(SEEDS / 20)
    }
  })
})
