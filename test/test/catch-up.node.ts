import { expect } from 'aegir/chai'
import { createStage } from '../src/accept/stage.ts'
import { receive, startSender } from '../src/bench/catch-up/run.ts'
import type { Stage } from '../src/accept/stage.ts'

const POSTS = 1_000

describe('catching up', () => {
  let stage: Stage

  beforeEach(async () => {
    stage = await createStage('catch-up', new AbortController().signal)
  })

  afterEach(async () => {
    await stage.clear()
  })

  it('[SY1] [LG23] brings a wall to an empty store on disk, checking heads or every signature', async function () {
    this.timeout(240_000)

    const context = { ...stage.context, progress: () => {} }
    const sender = await startSender(context, POSTS)

    for (const signatures of ['heads', 'all'] as const) {
      const { held, bytes } = await receive(context, sender, signatures, 0)

      expect(held).to.equal(POSTS)
      expect(bytes).to.be.greaterThan(POSTS * 300)
    }
  })
})
