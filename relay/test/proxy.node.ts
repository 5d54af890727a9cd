import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { multiaddr } from '@multiformats/multiaddr'
import { expect } from 'aegir/chai'
import { createRelay } from '../src/index.ts'
import { startCaddy } from './support/caddy.ts'
import { startClient } from './support/client.ts'
import { PAGE, testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort } from './support/ports.ts'
import { get } from './support/raw-http.ts'
import type { Relay } from '../src/index.ts'
import type { Caddy } from './support/caddy.ts'
import type { TestFolder } from './support/folders.ts'
import type { AddressInfo, Server } from 'node:net'

/** Where the visitor of this test comes from: another address of loopback than everybody else's */
const VISITOR = '127.0.0.9'

describe('a relay behind caddy', function () {
  this.timeout(20_000)

  const trusted = getCACertificates('default')
  let folder: TestFolder
  let caddy: Caddy
  let relay: Relay
  /** Passes bytes on from `VISITOR` */
  let visitor: Server
  let origin: string

  before(async () => {
    folder = await testFolder()
    const port = await freeTcpPort()
    const inner = await freeTcpPort()
    origin = `https://localhost:${port}`
    relay = await createRelay({
      dataDir: folder.at('data'),
      clientDir: await writeClient(folder.at('client')),
      port: inner,
      behindProxy: true,
      publicUrl: origin,
      udpHost: '127.0.0.1',
      webrtcPort: 0
    })
    await relay.start()
    caddy = await startCaddy(folder, port, `127.0.0.1:${inner}`)
    setDefaultCACertificates([...trusted, caddy.authority])
    visitor = createServer(socket => {
      const onward = connect({ port, host: '127.0.0.1', localAddress: VISITOR })
      socket.pipe(onward).pipe(socket)
      socket.on('error', () => onward.destroy())
      onward.on('error', () => socket.destroy())
    }).listen(0, '127.0.0.1')
    await once(visitor, 'listening')
  })

  after(async () => {
    setDefaultCACertificates(trusted)
    visitor.close()
    await caddy.stop()
    await relay.stop()
    await folder.remove()
  })

  it('[D4] serves the web client, under the rules of an encrypted page', async () => {
    const page = await get(origin)

    expect(page.body.toString()).to.equal(PAGE)
    expect(page.headers['content-security-policy']).to.include("connect-src 'self' wss:;")
    expect(page.headers).to.not.have.property('server')
  })

  it('[D4] announces what people open', () => {
    expect(relay.info.addrs).to.deep.equal([multiaddr(`/dns/localhost/tcp/${new URL(origin).port}/tls/ws`).toString()])
    expect(relay.invite).to.match(new RegExp(`^${origin}/#relay=`))
  })

  it('[D4] is reached over WebSocket on the secret path, and sees who is really there', async () => {
    const client = await startClient(relay.info.path)
    const { port } = visitor.address() as AddressInfo
    const opened = once(relay.libp2p as unknown as EventTarget, 'connection:open')
    const connection = await client.dial(multiaddr(`/dns/localhost/tcp/${port}/tls/ws`))

    expect(connection.remotePeer.equals(relay.peerId)).to.equal(true)
    const [{ detail: seen }] = await opened

    expect(seen.remotePeer.equals(client.peerId)).to.equal(true)
    expect(seen.remoteAddr.toString().split('/tcp/')[0]).to.equal(`/ip4/${VISITOR}`)
    await client.stop()
  })

  it('[E5] outlives a proxy that goes away in the middle of a connection', async () => {
    const client = await startClient(relay.info.path)
    const opened = once(relay.libp2p as unknown as EventTarget, 'connection:open')
    await client.dial(multiaddr(relay.info.addrs[0]))
    await opened
    const closed = once(relay.libp2p as unknown as EventTarget, 'connection:close')
    await caddy.stop()
    await closed
    caddy = await startCaddy(folder, Number(new URL(origin).port), `127.0.0.1:${relay.address.port}`)

    expect((await client.dial(multiaddr(relay.info.addrs[0]))).status).to.equal('open')
    await client.stop()
  })

  it('[D16] answers an upgrade to any other path as it answers a missing page', async () => {
    const missing = await get(`${origin}/missing`)
    const upgrade = await get(`${origin}/missing`, { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' })

    expect(upgrade.status).to.equal(404)
    expect(upgrade.body).to.deep.equal(missing.body)
    // what a request asks of its connection, the answer says of it
    expect({ ...upgrade.headers, date: '', connection: 'close' }).to.deep.equal({ ...missing.headers, date: '' })
  })

  it('[D4] explains itself to plain http that came through a proxy', async () => {
    const page = async (headers: Record<string, string>): Promise<string> => (await get(`http://127.0.0.1:${relay.address.port}`, headers)).body.toString()

    expect(await page({ host: 'example.org', 'x-forwarded-proto': 'http' })).to.include('This page needs a secure connection')
    expect(await page({ host: 'example.org' })).to.include('This page needs a secure connection')
    expect(await page({ host: '127.0.0.1', 'x-forwarded-host': 'example.org', 'x-forwarded-proto': 'http' })).to.include('This page needs a secure connection')
    expect(await page({ host: 'example.org', 'x-forwarded-proto': 'https' })).to.equal(PAGE)
  })
})
