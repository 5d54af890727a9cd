import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { startProgram } from '../src/processes.ts'
import type { Program, ProgramInit } from '../src/processes.ts'

const script = 'test/test/fixtures/program.js'

describe('programs of the stories', () => {
  const programs: Program[] = []
  const start = (init: Partial<ProgramInit> = {}): Program => {
    const program = startProgram({ name: 'fixture', script, ...init })
    programs.push(program)
    return program
  }

  afterEach(async () => {
    await Promise.all(programs.splice(0).map(async program => program.kill()))
  })

  it('hands out lines and events, also those of the past', async () => {
    const program = start()
    const event = await program.event<{ event: string, port: number }>(event => event.event === 'listening')

    expect(event.port).to.equal(1234)
    await expect(program.line(line => line.startsWith('warming'))).to.eventually.equal('warming up')
  })

  it('asks a program to end and lets it tidy up', async () => {
    const program = start()
    await program.event(event => event.event === 'listening')

    await expect(program.stop()).to.eventually.deep.equal({ code: 0, signal: null })
    await expect(program.stop()).to.eventually.deep.equal({ code: 0, signal: null })
    expect(program.output()).to.include('tidying up')
  })

  it('kills without a chance to tidy up', async () => {
    const program = start()
    await program.event(event => event.event === 'listening')

    await expect(program.kill()).to.eventually.deep.equal({ code: null, signal: 'SIGKILL' })
    expect(program.output()).to.not.include('tidying up')
  })

  it('kills the program inside a wrapper too', async () => {
    const program = start({ wrapper: ['sh', '-c', '"$@"; exit 7', 'sh'] })
    await program.event(event => event.event === 'listening')

    await program.kill()
    await program.ended
  })

  it('says what a program said last when it ends before its time', async () => {
    const program = start({ args: ['--end'] })

    await expect(program.line(line => line === 'never')).to.eventually.be.rejectedWith(/fixture ended with 3.*said last:[^]*a complaint/)
      .with.property('name', 'ProgramSilentError')
  })

  it('waits no longer than asked', async () => {
    const program = start()

    await expect(program.line(line => line === 'never', { timeout: 50 })).to.eventually.be.rejected.with.property('name', 'ProgramSilentError')
    await expect(program.line(line => line === 'never', { signal: AbortSignal.abort(new Error('enough')) })).to.eventually.be.rejectedWith('enough')
  })

  it('keeps a log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pergola-log-'))
    const log = join(folder, 'deeper/fixture.log')

    try {
      const program = start({ args: ['--end'], log })
      await program.ended
      const text = await readFile(log, 'utf8')

      expect(text).to.include('warming up').and.to.include('a complaint')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('reports a script that is not there', async () => {
    const program = start({ script: 'test/test/fixtures/absent.js' })

    await expect(program.line(() => true)).to.eventually.be.rejectedWith(/absent\.js/)
  })
})
