import { once } from 'node:events'
import { multiaddr } from '@multiformats/multiaddr'
import { decodeRelayInfo, decodeSignedRelayInfo } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { startClient } from './support/client.ts'
import { PAGE, testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort, freeUdpPort } from './support/ports.ts'
import { get } from './support/raw-http.ts'
import { startRelayProcess } from './support/relay-process.ts'
import type { Client } from './support/client.ts'
import type { TestFolder } from './support/folders.ts'
import type { RelayProcess } from './support/relay-process.ts'
import type { RelayInfo } from '@pergola/protocols'

describe('a relay on loopback', function () {
  this.timeout(60_000)

  let folder: TestFolder
  let relay: RelayProcess
  let info: RelayInfo
  const clients: Client[] = []

  const client = async (path: string, listen?: string[]): Promise<Client> => {
    const started = await startClient(path, listen)
    clients.push(started)

    return started
  }

  before(async () => {
    folder = await testFolder()
    relay = await startRelayProcess([
      '--data', folder.at('data'), '--client', await writeClient(folder.at('client')), '--name', 'Garden',
      '--port', String(await freeTcpPort()), '--webrtc-port', String(await freeUdpPort()), '--max-connections-per-ip', '6'
    ])
    info = decodeRelayInfo(Buffer.from(new URL(relay.ready.invite).hash.replace('#relay=', ''), 'base64url'))
  })

  afterEach(async () => {
    await Promise.all(clients.splice(0).map(async client => client.stop()))
  })

  after(async () => {
    expect(await relay.stop()).to.equal(0)
    await folder.remove()
  })

  it('[D4] says where to open it and how to be invited', () => {
    expect(relay.ready.url).to.equal(`http://127.0.0.1:${relay.ready.port}`)
    expect(relay.ready.invite).to.match(/^http:\/\/127\.0\.0\.1:\d+\/#relay=[\w-]+$/)
    expect(info.peer).to.equal(relay.ready.peer)
    expect(info.name).to.equal('Garden')
    expect(info.path).to.match(/^[\w-]{22}$/)
    expect(info.stun).to.equal(`127.0.0.1:${relay.ready.port}`)
  })

  it('[D4] serves the web client', async () => {
    const page = await get(relay.ready.url)

    expect(page.status).to.equal(200)
    expect(page.body.toString()).to.equal(PAGE)
  })

  it('[D4] tells a page that came from it how it is reached, signed', async () => {
    const { signed, ...plain } = JSON.parse((await get(`${relay.ready.url}/config.json`)).body.toString())

    expect(plain).to.deep.equal({})
    expect((await decodeSignedRelayInfo(Buffer.from(signed, 'base64url'))).info).to.deep.equal(info)
  })

  it('[D4] is reached over WebSocket on the secret path', async () => {
    const one = await client(info.path)
    const connection = await one.dial(multiaddr(info.addrs[0]))

    expect(connection.remotePeer.toString()).to.equal(info.peer)
    expect(await one.services.ping.ping(connection.remotePeer)).to.be.greaterThan(-1)
  })

  it('[D16] is no libp2p node to whoever lacks the path', async () => {
    for (const path of ['', 'ws', info.path.slice(1), `${info.path}x`]) {
      await expect((await client(path)).dial(multiaddr(info.addrs[0]))).to.eventually.be.rejected()
    }
  })

  it('[D16] names the secret path in no multiaddr', async () => {
    const one = await client(info.path)
    const identified = once(one as unknown as NodeJS.EventEmitter & EventTarget, 'peer:identify')
    await one.dial(multiaddr(info.addrs[0]))
    const [event] = await identified
    const told = event.detail.listenAddrs.map(String)

    expect(told).to.deep.equal(info.addrs)
    expect(JSON.stringify([told, relay.ready.addrs])).to.not.include(info.path)
  })

  it('[D4] connects two who can only dial out', async () => {
    const reached = await client(info.path, [`${info.addrs[0]}/p2p/${info.peer}/p2p-circuit`])
    const caller = await client(info.path)

    while (reached.getMultiaddrs().length === 0) {
      await once(reached as unknown as EventTarget, 'self:peer:update')
    }

    const connection = await caller.dial(reached.getMultiaddrs()[0])

    expect(connection.remotePeer.equals(reached.peerId)).to.equal(true)
    expect(Number(connection.limits?.bytes)).to.be.within(1_023_000_000, 1_024_000_000)
    expect(await caller.services.ping.ping(reached.peerId)).to.be.greaterThan(-1)
  })

  it('[D5] takes no more connections from one address than it may', async () => {
    for (let count = 0; count < 6; count++) {
      await (await client(info.path)).dial(multiaddr(info.addrs[0]))
    }

    await expect((await client(info.path)).dial(multiaddr(info.addrs[0]))).to.eventually.be.rejected()
  })

  it('[D18] logs no addresses', () => {
    expect(relay.log()).to.not.match(/127\.0\.0\.1/)
  })
})
