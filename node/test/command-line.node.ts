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

    for (const command of ['start', 'pair', 'status', 'post', 'passphrase', 'lock', 'unlock', 'panic']) {
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

  it('[E1] [E6] sets a passphrase, locks, unlocks and erases, from scripts', async () => {
    const data = folder.at('data')
    const home = await startHomeProcess(data)
    const run = async (args: string[], input = ''): Promise<{ code: number | null, err: string, out: string }> => runHomeProcess([...args, '--data', data], input)

    try {
      expect(await run(['lock'])).to.include({ code: 1, err: 'There is no passphrase yet: set one first\n' })
      expect(await run(['passphrase'], 'a long passphrase\n')).to.include({ code: 1 }).with.property('err').that.includes('--stdin')
      expect(await run(['passphrase', '--stdin'], 'a long passphrase\n')).to.include({ code: 0, err: '' })
      expect(await run(['lock'])).to.include({ code: 0, out: 'Locked.\n' })
      expect(await run(['status'])).to.include({ code: 1, err: 'The home node is locked: unlock it with "pergola unlock"\n' })
      expect(await run(['unlock', '--stdin'], 'another passphrase\n')).to.include({ code: 1, err: 'This is not the passphrase: try again\n' })
      expect(await run(['unlock', '--stdin'], 'a long passphrase\n')).to.include({ code: 0, err: '' })
      expect(await run(['passphrase', '--remove', '--stdin'], 'a long passphrase\n')).to.include({ code: 0, out: 'There is no passphrase any more.\n' })
      expect((await run(['panic'])).err).to.include('--yes')
      expect(await run(['panic', '--yes'])).to.include({ code: 0, err: '' })
      expect((await run(['status'])).code).to.equal(0)
    } finally {
      expect(await home.stop()).to.equal(0)
    }
  })
})
