import { expect } from 'aegir/chai'
import { testFolder } from './support/folders.ts'
import { runHomeProcess, startHomeProcess } from './support/home-process.ts'
import type { TestFolder } from './support/folders.ts'

describe('the command line of a home node', function () {
  this.timeout(60_000)

  let folder: TestFolder

  beforeEach(async () => { folder = await testFolder() })
  afterEach(async () => { await folder.remove() })

  it('[D7] explains every command', async () => {
    const { code, out } = await runHomeProcess(['--help'])

    expect(code).to.equal(0)

    for (const command of ['start', 'pair', 'status', 'post']) {
      expect(out).to.match(new RegExp(`^  ${command} `, 'm'))
      expect(await runHomeProcess([command, '--help'])).to.include({ code: 0, err: '' })
    }
  })

  for (const [args, sentence] of [
    [['dance'], /^error: unknown command 'dance'$/m],
    [['pair'], /^error: missing required argument 'link'$/m],
    [['status', '--colour'], /^error: unknown option '--colour'$/m],
    [['status', 'now'], /^error: too many arguments/m],
    [['post', 'Hello', '--lang'], /^error: option '--lang <tag>' argument missing$/m]
  ] as const) {
    it(`[E5] says what is wrong with "${args.join(' ')}", and where to find what is right`, async () => {
      const { code, err, out } = await runHomeProcess([...args])

      expect(code).to.equal(1)
      expect(out).to.equal('')
      expect(err).to.match(sentence).and.include('pergola --help')
    })
  }

  it('[E5] says in one sentence that no home node runs', async () => {
    for (const args of [['status'], ['pair', 'link'], ['post', 'Hello'], ['post']]) {
      const { code, err, out } = await runHomeProcess([...args, '--data', folder.at('data')], 'Hello')

      expect({ code, out, err }).to.deep.equal({ code: 1, out: '', err: 'The home node is not running here: start it with "pergola start"\n' })
    }
  })

  it('[D7] starts, answers, refuses what cannot be, and stops', async () => {
    const data = folder.at('data')
    const home = await startHomeProcess(data)

    try {
      expect(home.ready).to.include({ event: 'ready', identity: null, data })
      expect(JSON.parse((await runHomeProcess(['status', '--json', '--data', data])).out)).to.include({ identity: null, posts: 0 })
      expect((await runHomeProcess(['status', '--data', data])).out).to.include('Not paired yet')

      for (const args of [['pair', 'nonsense'], ['post', 'Hello'], ['start']]) {
        const { code, err, out } = await runHomeProcess([...args, '--data', data])

        expect(code, args[0]).to.equal(1)
        expect(out, args[0]).to.equal('')
        expect(err, args[0]).to.match(/^[A-Z][^\n]{10,160}\n$/)
      }

      expect((await runHomeProcess(['status', '--data', data])).code).to.equal(0)
    } finally {
      expect(await home.stop()).to.equal(0)
    }
  })
})
