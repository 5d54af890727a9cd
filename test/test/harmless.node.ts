import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { startProgram } from '../src/processes.ts'
import type { Program } from '../src/processes.ts'

/** Words that would say what the program is for, or which program it is */
const TELLING = /pergola|relay|p2p|peer|ipfs|helia|libp2p|bitswap|gossip|mesh|webrtc|stun|circuit|signal|social|friend|wall|post|messag|chat|network|tunnel|vpn|censor/i

interface Answer {
  status: number
  headers: string
  body: string
}

/** What stands in a text and tells something, with what is around it. Hashes are chance: they are left out */
function telling (text: string): string[] {
  const words = text.replace(/-[\w-]{8}(?=\.(?:js|css)\b)/g, '').replace(/etag\n.*/gi, '')

  return [...words.matchAll(new RegExp(`.{0,20}(?:${TELLING.source}).{0,20}`, 'gi'))].map(([found]) => found)
}

async function ask (url: URL, path: string, host: string = url.host): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ host: url.hostname, port: url.port, path, headers: { host, accept: 'text/html' } }, response => {
      let body = ''

      response.setEncoding('latin1').on('data', (part: string) => { body += part }).on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.rawHeaders.join('\n'), body })
      })
    }).on('error', reject)
  })
}

/** What everybody on a machine sees of a process */
async function visible ({ pid }: Program): Promise<string> {
  const files = await Promise.all(['comm', 'cmdline'].map(async name => readFile(`/proc/${pid}/${name}`, 'utf8')))

  return files.join('\n')
}

describe('harmless to be seen with', function () {
  this.timeout(60_000)

  let folder: string
  let relay: Program
  let home: Program
  let both: Program
  let url: URL

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-'))

    // no --data: the folders are those that somebody has who chose nothing
    const env = { XDG_DATA_HOME: folder }

    relay = startProgram({ name: 'relay', script: 'relay/dist/src/main.js', args: ['--json', '--port', '0'], env })
    home = startProgram({ name: 'home', script: 'node/dist/src/main.js', args: ['start', '--json'], env })
    both = startProgram({ name: 'both', script: 'node/dist/src/bundle/main.js', args: ['--json', '--no-open', '--port', '0', '--data', join(folder, 'both')], env })
    url = new URL((await relay.event<{ event: string, url: string }>(({ event }) => event === 'ready')).url)
    await home.event<{ event: string }>(({ event }) => event === 'ready')
    await both.event<{ event: string }>(({ event }) => event === 'ready')
  })

  after(async () => {
    await Promise.all([relay?.stop(), home?.stop(), both?.stop()])
    await rm(folder, { recursive: true, maxRetries: 3 })
  })

  it('[D16] the page says nothing: title, texts, names of the files it loads', async () => {
    const { status, body } = await ask(url, '/')

    expect(status).to.equal(200)
    expect(body).to.match(/<title>\w+<\/title>/)
    expect(body).to.match(/src="[^"]+\.js"/)
    expect(telling(body)).to.deep.equal([])
  })

  it('[D16] the manifest, the icon and the names of what is kept offline say nothing', async () => {
    const [manifest, icon, worker] = await Promise.all(['/manifest.webmanifest', '/icon.svg', '/worker.js'].map(async path => ask(url, path)))
    const names = [...worker.body.matchAll(/url:\s*["']([^"']+)["']/g)].map(match => match[1])

    expect([manifest.status, icon.status, worker.status]).to.deep.equal([200, 200, 200])
    expect(names.length).to.be.greaterThan(10)
    expect([manifest.body, icon.body, ...names].flatMap(telling)).to.deep.equal([])
  })

  it('[D16] the configuration is one opaque text', async () => {
    const { status, headers, body } = await ask(url, '/config.json')

    expect(status).to.equal(200)
    expect(telling(headers)).to.deep.equal([])
    expect(body).to.match(/^\{"signed":"[\w-]+"\}$/)
  })

  it('[D16] headers, errors and the page for plain http say nothing', async () => {
    const answers = await Promise.all([
      ask(url, '/'), ask(url, '/missing'), ask(url, '/%zz'), ask(url, '/healthz'), ask(url, '/manifest.webmanifest'),
      ask(url, '/', 'example.org'), ask(url, '/config.json', 'example.org')
    ])

    expect(answers.map(({ status }) => status)).to.include.members([200, 404])
    expect(answers.flatMap(({ headers, body }) => [...telling(headers), ...telling(body)])).to.deep.equal([])
  })

  it('[D16] files of relay and home, apart and together, have names that say nothing', async () => {
    const names = await readdir(folder, { recursive: true })

    expect(names.length).to.be.greaterThan(10)
    expect(names.flatMap(telling)).to.deep.equal([])
  })

  it('[D16] the processes have names that say nothing', async () => {
    const [ofRelay, ofHome, ofBoth] = await Promise.all([relay, home, both].map(visible))

    expect([ofRelay, ofHome, ofBoth].flatMap(telling)).to.deep.equal([])
    expect(ofRelay).to.match(/^garden\n/)
    expect(ofHome).to.match(/^arbor\n/)
    expect(ofBoth).to.match(/^arbor\n/)
  })
})
