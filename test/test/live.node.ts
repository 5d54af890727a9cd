import { expect } from 'aegir/chai'
import { createStage } from '../src/accept/stage.ts'
import { runLive } from '../src/bench/live/run.ts'
import { percentile } from '../src/bench/percentile.ts'
import type { Stage } from '../src/accept/stage.ts'

describe('live delivery', () => {
  let stage: Stage

  beforeEach(async () => {
    stage = await createStage('live', new AbortController().signal)
  })

  afterEach(async () => {
    await stage.clear()
  })

  it('[SY3] [GO1] brings each post of an author to all followers through one relay', async function () {
    this.timeout(240_000)

    const { followers, latencies, lost } = await runLive({ ...stage.context, progress: () => {} }, { followers: [4, 4, 4], pages: 0, posts: 20, interval: 0 })

    expect(followers).to.equal(12)
    expect(lost).to.deep.equal([])
    expect(latencies).to.have.lengthOf(12 * 20)
  })
})

describe('the figures of a benchmark', () => {
  it('are values that were measured, by their rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i)

    expect(percentile(values, 0.5)).to.equal(50)
    expect(percentile(values, 0.99)).to.equal(99)
    expect(percentile([7], 0.99)).to.equal(7)
    expect(percentile([], 0.5)).to.be.NaN()
  })
})
