import { expect } from 'aegir/chai'
import { actId, ActRegister } from '../../src/primary/acts.ts'
import { MAX_DONE_ACTS, MAX_DUE_ACTS, TASK_RETRY_MS } from '../../src/primary/constants.ts'
import { PrimaryTasks } from '../../src/primary/tasks.ts'
import type { ActId } from '../../src/primary/acts.ts'

function act (i: number): ActId {
  return actId('include', Uint8Array.of(i >> 16, i >> 8, i))
}

describe('primary: acts', () => {
  it('[PR27] have ids that follow from what they are about, and have an effect once', () => {
    expect(act(1)).to.equal(actId('include', Uint8Array.of(0, 0, 1)))
    expect(new Set([act(1), act(2), actId('publish', Uint8Array.of(0, 0, 1))]).size).to.equal(3)

    const register = new ActRegister()

    register.ask(act(1))
    register.ask(act(2))
    register.ask(act(1))
    expect(register.due()).to.deep.equal([act(1), act(2)])
    expect(register.done(act(1))).to.equal(true)
    expect(register.done(act(1))).to.equal(false)
    expect(register.isDone(act(1))).to.equal(true)
    register.ask(act(1))
    expect(register.due()).to.deep.equal([act(2)])
  })

  it('[PR27] what others did is done before it was asked for', () => {
    const register = new ActRegister()

    expect(register.done(act(1))).to.equal(true)
    register.ask(act(1))
    expect(register.due()).to.deep.equal([])
  })

  it('[PR27] 10,000 can be due, one more is refused and loses nothing; of those done the oldest is forgotten', () => {
    const register = new ActRegister()

    for (let i = 0; i < MAX_DUE_ACTS; i++) {
      register.ask(act(i))
    }

    expect(() => { register.ask(act(MAX_DUE_ACTS)) }).to.throw().with.property('name', 'LimitExceededError')
    register.ask(act(0))
    expect(register.due()).to.have.length(MAX_DUE_ACTS)

    for (let i = 0; i <= MAX_DONE_ACTS; i++) {
      register.done(act(i))
    }

    expect([0, 1, MAX_DONE_ACTS].map(i => register.isDone(act(i)))).to.deep.equal([false, true, true])
    expect(register.due()).to.deep.equal([])
  })
})

describe('primary: tasks', () => {
  function make (): { tasks: PrimaryTasks, timers: Map<() => void, number>, failures: Error[] } {
    const timers = new Map<() => void, number>()
    const failures: Error[] = []
    const tasks = new PrimaryTasks({
      timer: (run, ms) => {
        timers.set(run, ms)

        return () => { timers.delete(run) }
      },
      failed: error => { failures.push(error) }
    })

    return { tasks, timers, failures }
  }

  it('[PR28] run while the device is primary, those that are added later too, and end with it', async () => {
    const { tasks } = make()
    const signals: AbortSignal[] = []
    const remove = tasks.add(signal => { signals.push(signal) })

    await tasks.ended()
    expect(signals).to.have.length(0)
    tasks.set(true)
    tasks.set(true)
    await tasks.ended()
    tasks.add(signal => { signals.push(signal) })
    await tasks.ended()
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([false, false])
    tasks.set(false)
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, true])
    remove()
    tasks.set(true)
    await tasks.ended()
    expect(signals).to.have.length(3)
  })

  it('[PR28] a task does not run twice at the same time', async () => {
    const { tasks } = make()
    const runs: Array<{ end (): void }> = []
    let begun = (): void => {}
    let running = 0
    let most = 0
    const next = async (): Promise<void> => new Promise(resolve => { begun = resolve })

    tasks.add(async () => {
      most = Math.max(most, ++running)
      await new Promise<void>(resolve => {
        runs.push({ end: resolve })
        begun()
      })
      running--
    })

    const first = next()

    for (let i = 0; i < 3; i++) {
      tasks.set(true)
      tasks.set(false)
    }

    tasks.set(true)
    await first

    const second = next()

    tasks.set(false)
    tasks.set(true)
    runs[0].end()
    await second
    expect([running, runs.length, most]).to.deep.equal([1, 2, 1])
    runs[1].end()
    await tasks.ended()
    expect(running).to.equal(0)
  })

  it('[PR28] a task that fails is told of and begun again, unless the device is primary no more', async () => {
    const { tasks, timers, failures } = make()
    let runs = 0

    tasks.add(() => {
      runs++
      throw new TypeError('broken')
    })
    tasks.set(true)
    await tasks.ended()
    expect(failures.map(({ message }) => message)).to.deep.equal(['broken'])
    expect([...timers.values()]).to.deep.equal([TASK_RETRY_MS])

    const [again] = timers.keys()

    timers.clear()
    again()
    await tasks.ended()
    expect(runs).to.equal(2)
    tasks.set(false)
    expect(timers.size).to.equal(0)
  })

  it('[PR28] what a task throws because it was told to end is no failure', async () => {
    const { tasks, timers, failures } = make()
    const begun = new Promise<void>(resolve => {
      tasks.add(async signal => new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => { reject(new Error('ended')) }, { once: true })
        resolve()
      }))
    })

    tasks.set(true)
    await begun
    tasks.set(false)
    await tasks.ended()
    expect([failures.length, timers.size]).to.deep.equal([0, 0])
  })
})
