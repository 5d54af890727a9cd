import { expect } from 'aegir/chai'
import { runStory } from '../src/accept/run-story.ts'
import { createStage } from '../src/accept/stage.ts'

describe('first light', () => {
  it('[SY1] [FO1] [PA1] the story of first light holds, with a shorter wall', async function () {
    this.timeout(540_000)
    process.env.PERGOLA_STORY_POSTS ??= '40'
    process.env.PERGOLA_STORY_PHOTOS ??= '4'

    const { story } = await import('../src/accept/stories/first-light.ts')
    const stage = await createStage('first-light-short', new AbortController().signal)

    try {
      const results = await runStory(story, stage.context, {
        onStep: async ({ passed }) => {
          if (!passed) {
            await stage.picture('failed')
          }
        }
      })

      expect(results.filter(({ passed }) => !passed).map(({ name, error }) => `${name}: ${String(error)}`)).to.deep.equal([])
    } finally {
      await stage.clear()
    }
  })
})
