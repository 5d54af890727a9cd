import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'aegir/chai'
import { controlClient } from '../src/control/client.ts'
import { MAX_CONTROL_BYTES } from '../src/control/contract.ts'
import { serveControl } from '../src/control/server.ts'
import { testFolder } from './support/folders.ts'
import type { TestFolder } from './support/folders.ts'
import type { ControlCalls, Exported, HomeStatus, ImportedWall, PairOptions } from '../src/control/contract.ts'
import type { ControlServer } from '../src/control/server.ts'
import type { IncomingMessage } from 'node:http'

const EXPORTED: Exported = { posts: 1, files: 2, missing: 0 }
const IMPORTED: ImportedWall = { identity: 'k51', name: 'Ada', posts: 1, added: 1, known: 0, refused: 0, files: 2, restored: false }
const STATUS: HomeStatus = { identity: null, name: null, posts: 0, media: { wanted: 0, held: 0 }, relays: [], data: '/srv/home' }

const OPEN = { locked: false, protected: false }
const LOCKS = { lock: async () => OPEN, unlock: async () => OPEN, passphrase: async () => OPEN, panic: async () => OPEN, state: async () => OPEN }

describe('control socket of a home node', () => {
  let folder: TestFolder
  let socket: string
  let server: ControlServer
  let client: ControlCalls
  let asked: unknown[]
  let pair: (params: { link: string }, options?: PairOptions) => Promise<{ identity: string, name: string | null }>

  beforeEach(async () => {
    folder = await testFolder()
    socket = folder.at('control')
    asked = []
    pair = async () => ({ identity: 'k51', name: 'Ada' })
    server = await serveControl(socket, {
      status: async () => STATUS,
      pair: async (params, options) => {
        asked.push(params)

        return pair(params, options)
      },
      post: async params => {
        asked.push(params)

        return { id: 'id' }
      },
      export: async () => EXPORTED,
      import: async () => IMPORTED,
      ...LOCKS
    })
    client = controlClient(socket)
  })

  afterEach(async () => {
    await server.stop()
    await folder.remove()
  })

  /** What is sent by another program than ours */
  async function raw (path: string, body: string, method = 'POST'): Promise<{ status?: number, error?: string }> {
    const outgoing = request({ socketPath: socket, path, method })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>

    outgoing.on('error', () => {}).end(body)

    const [response] = await answered

    return { status: response.statusCode, ...JSON.parse(await text(response)) }
  }

  it('[D7] answers what it is asked', async () => {
    expect(await client.status()).to.deep.equal(STATUS)
    expect(await client.post({ text: 'Hello', lang: 'en' })).to.deep.equal({ id: 'id' })
    expect(await client.pair({ link: 'link' })).to.deep.equal({ identity: 'k51', name: 'Ada' })
    expect(asked).to.deep.equal([{ text: 'Hello', lang: 'en', warning: undefined }, { link: 'link' }])
  })

  it('[A6] says the code of a pairing while the person is still asked', async () => {
    const shown = Promise.withResolvers<string>()
    const answer = Promise.withResolvers<{ identity: string, name: string | null }>()

    pair = async (_params, options) => {
      options?.onCode?.('012345')

      return answer.promise
    }

    const paired = client.pair({ link: 'link' }, { onCode: shown.resolve })

    expect(await shown.promise).to.equal('012345')
    answer.resolve({ identity: 'k51', name: null })
    expect(await paired).to.deep.equal({ identity: 'k51', name: null })
  })

  it('[E5] passes on the sentence of an error, also after a code', async () => {
    pair = async (_params, options) => {
      options?.onCode?.('012345')
      throw new Error('The codes differ')
    }

    await expect(client.pair({ link: 'link' })).to.eventually.be.rejected.with.property('name', 'ControlError')
    await expect(client.pair({ link: 'link' })).to.eventually.be.rejectedWith('The codes differ')
  })

  it('[A6] ends a pairing when whoever asked gives up', async () => {
    const begun = Promise.withResolvers<AbortSignal>()
    const leave = new AbortController()

    pair = async (_params, options) => {
      begun.resolve(options?.signal as AbortSignal)

      return new Promise(() => {})
    }

    const paired = client.pair({ link: 'link' }, { signal: leave.signal }).catch((err: Error) => err.name)
    const signal = await begun.promise
    const ended = once(signal, 'abort')

    leave.abort()
    await ended
    expect(await paired).to.equal('AbortError')
  })

  it('[E5] refuses what it does not understand, in a sentence, and goes on', async () => {
    for (const [path, body, method] of [
      ['/dance', '{}'], ['/status', '', 'GET'], ['/post', '{"text":7}'], ['/post', '{"text":""}'], ['/post', 'null'], ['/pair', '[]'], ['/pair', '{'], ['/post', '{"text":"a","lang":{}}']
    ]) {
      const { status, error } = await raw(path, method === 'GET' ? '' : body, method)

      expect(status, `${path} ${body}`).to.equal(400)
      expect(error, `${path} ${body}`).to.be.a('string').with.length.above(0)
    }

    expect(asked).to.deep.equal([])
    expect(await client.status()).to.deep.equal(STATUS)
  })

  it('[E5] takes a request up to its limit, and none one byte over it', async () => {
    const body = (size: number): string => JSON.stringify({ text: 'x'.repeat(size - '{"text":""}'.length) })

    expect(await raw('/post', body(MAX_CONTROL_BYTES))).to.include({ status: 200 })
    expect(await raw('/post', body(MAX_CONTROL_BYTES + 1))).to.include({ status: 400, error: `The request is longer than ${MAX_CONTROL_BYTES} bytes` })
    expect(asked).to.have.length(1)
  })

  it('[E5] says that no home node runs, before one was started and once it was stopped', async () => {
    const begun = Promise.withResolvers<void>()

    await expect(controlClient(folder.at('other')).status()).to.eventually.be.rejected.with.property('name', 'NotRunningError')

    pair = async () => {
      begun.resolve()

      return new Promise(() => {})
    }

    const paired = client.pair({ link: 'link' }).then(() => 'paired', (err: Error) => err.name)

    await begun.promise
    await server.stop()
    expect(await paired).to.equal('NotRunningError')
    await expect(client.status()).to.eventually.be.rejected.with.property('name', 'NotRunningError')
  })

  it('[D7] is for its owner only, and takes the place of one that a killed process left', async function () {
    if (process.platform === 'win32') {
      this.skip()
    }

    expect((await stat(socket)).mode & 0o777).to.equal(0o600)
    await server.stop()
    await writeFile(socket, '')
    server = await serveControl(socket, { status: async () => STATUS, pair: async () => ({ identity: '', name: null }), post: async () => ({ id: '' }), export: async () => EXPORTED, import: async () => IMPORTED, ...LOCKS })
    expect(await client.status()).to.deep.equal(STATUS)
  })
})
