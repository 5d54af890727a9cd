import { gunzipSync, brotliDecompressSync } from 'node:zlib'
import { expect } from 'aegir/chai'
import { PAGE, SCRIPT, testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort } from './support/ports.ts'
import { get } from './support/raw-http.ts'
import { startRelayProcess } from './support/relay-process.ts'
import type { TestFolder } from './support/folders.ts'
import type { RelayProcess } from './support/relay-process.ts'

const ASSET = '/assets/Ab3dEf9h.js'

describe('the pages of a relay', function () {
  this.timeout(60_000)

  let folder: TestFolder
  let relay: RelayProcess

  before(async () => {
    folder = await testFolder()
    relay = await startRelayProcess(['--data', folder.at('data'), '--client', await writeClient(folder.at('client')), '--port', String(await freeTcpPort()), '--webrtc-port', '0', '--stun-port', '0'])
  })

  after(async () => {
    await relay.stop()
    await folder.remove()
  })

  it('[E4] may load nothing from anywhere else', async () => {
    for (const path of ['/', ASSET, '/config.json', '/healthz', '/missing']) {
      const { headers } = await get(relay.ready.url + path)

      expect(headers['content-security-policy']).to.equal("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; " +
        "connect-src 'self' ws: wss:; worker-src 'self'; manifest-src 'self'; font-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
      expect(headers).to.include({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin'
      })
    }
  })

  it('[D14] are kept for good where their name has a hash, and asked for anew where not', async () => {
    expect((await get(relay.ready.url + ASSET)).headers['cache-control']).to.equal('public, max-age=31536000, immutable')

    for (const path of ['/', '/index.html', '/sw.js', '/manifest.webmanifest', '/config.json', '/missing']) {
      expect((await get(relay.ready.url + path)).headers['cache-control']).to.equal('no-cache')
    }
  })

  it('[D14] have the types that browsers insist on', async () => {
    const types = { '/': 'text/html; charset=utf-8', '/sw.js': 'text/javascript; charset=utf-8', '/manifest.webmanifest': 'application/manifest+json; charset=utf-8' }

    for (const [path, type] of Object.entries(types)) {
      expect((await get(relay.ready.url + path)).headers['content-type']).to.equal(type)
    }
  })

  it('[D20] come compressed to whoever takes that', async () => {
    const brotli = await get(relay.ready.url + ASSET, { 'accept-encoding': 'gzip, deflate, br' })
    const gzip = await get(relay.ready.url + ASSET, { 'accept-encoding': 'gzip, br;q=0' })
    const plain = await get(relay.ready.url + ASSET)

    expect(brotli.headers).to.include({ 'content-encoding': 'br', vary: 'accept-encoding' })
    expect(brotliDecompressSync(brotli.body).toString()).to.equal(SCRIPT)
    expect(gzip.headers['content-encoding']).to.equal('gzip')
    expect(gunzipSync(gzip.body).toString()).to.equal(SCRIPT)
    expect(plain.headers).to.not.have.property('content-encoding')
    expect(plain.body.toString()).to.equal(SCRIPT)
  })

  it('[D20] are not sent again to whoever has them', async () => {
    const { headers } = await get(relay.ready.url)
    const again = await get(relay.ready.url, { 'if-none-match': String(headers.etag) })

    expect(again.status).to.equal(304)
    expect(again.body).to.have.length(0)
  })

  it('[D4] include one that says whether it is up', async () => {
    const { status, body } = await get(`${relay.ready.url}/healthz`)

    expect([status, body.toString()]).to.deep.equal([200, 'ok\n'])
  })

  const sameMachine = ['localhost', 'localhost:4040', 'LOCALHOST.', 'me.localhost', '127.0.0.1', '127.3.2.1:80', '[::1]:4040']
  sameMachine.forEach(host => {
    it(`[D4] are the web client where the browser was sent to ${host}`, async () => {
      expect((await get(relay.ready.url, { host })).body.toString()).to.equal(PAGE)
    })
  })

  const elsewhere = ['example.org', '192.0.2.7:4040', 'localhost.example.org', '127.0.0.1.example.org', '[2001:db8::1]', 'notlocalhost', 'a b']
  elsewhere.forEach(host => {
    it(`[D4] are one that explains where plain http came for ${host}`, async () => {
      const page = await get(relay.ready.url, { host })

      expect(page.status).to.equal(200)
      expect(page.body.toString()).to.include('This page needs a secure connection')
      expect(page.body.toString()).to.not.match(/pergola|libp2p|relay|peer|<script|https?:\/\/[^l<]/i)
      expect(page.headers['content-security-policy']).to.match(/^default-src 'none'; style-src 'sha256-[\w+/=]+';/)
      expect((await get(relay.ready.url + ASSET, { host })).status).to.equal(404)
      expect((await get(`${relay.ready.url}/config.json`, { host })).status).to.equal(404)
    })
  })

  it('[D4] believe no proxy that nobody set up', async () => {
    const page = await get(relay.ready.url, { host: 'example.org', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'localhost' })

    expect(page.body.toString()).to.include('This page needs a secure connection')
  })
})
