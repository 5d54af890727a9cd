import { expect } from 'aegir/chai'
import { runStory } from '../src/accept/run-story.ts'
import type { Story, StoryContext } from '../src/accept/story.ts'

const context: StoryContext = {
  out: '/nowhere',
  work: '/nowhere',
  signal: new AbortController().signal,
  start: () => { throw new Error('nothing to start') },
  open: async () => { throw new Error('nothing to open') },
  later: () => {},
  note: () => {}
}

describe('stories', () => {
  it('are played in order with what earlier steps left', async () => {
    const story: Story<{ said: string[] }> = {
      title: 'order',
      begin: () => ({ said: [] }),
      steps: [
        { name: 'one', run: async (_, state) => { state.said.push('one') } },
        {
          name: 'two',
          needs: ['one'],
          run: async (context, state) => {
            context.note('a number')
            expect(state.said).to.deep.equal(['one'])
          }
        }
      ]
    }
    const results = await runStory(story, context)

    expect(results.map(result => result.passed)).to.deep.equal([true, true])
    expect(results[1].notes).to.deep.equal(['a number'])
  })

  it('fail what needs a failed step, and only that', async () => {
    const ran: string[] = []
    const run = (name: string) => async (): Promise<void> => { ran.push(name) }
    const results = await runStory({
      title: 'failure',
      begin: () => ({}),
      steps: [
        { name: 'bad', run: async () => { throw new Error('broken') } },
        { name: 'after bad', needs: ['bad'], run: run('after bad') },
        { name: 'after that', needs: ['after bad'], run: run('after that') },
        { name: 'free', run: run('free') },
        { name: 'mistyped', needs: ['no such step'], run: run('mistyped') }
      ]
    }, context)

    expect(ran).to.deep.equal(['free'])
    expect(results.map(result => result.error?.name)).to.deep.equal(['Error', 'StepNeededError', 'StepNeededError', undefined, 'StepNeededError'])
  })

  it('go on after a step that hangs, and tell it to stop', async () => {
    let told = false
    const results = await runStory({
      title: 'hang',
      begin: () => ({}),
      steps: [
        {
          name: 'hangs',
          timeout: 20,
          run: async context => {
            context.signal.addEventListener('abort', () => { told = true })
            return new Promise(() => {})
          }
        },
        { name: 'next', run: async () => {} }
      ]
    }, context)

    expect(told).to.be.true()
    expect(results.map(result => result.error?.name)).to.deep.equal(['StepTimeoutError', undefined])
  })

  it('end quickly when they are stopped', async () => {
    const results = await runStory({
      title: 'stopped',
      begin: () => ({}),
      steps: [{ name: 'one', run: async () => {} }]
    }, context, { signal: AbortSignal.abort(new Error('the story was stopped')) })

    expect(results[0].error?.message).to.equal('the story was stopped')
  })
})
