import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { multiaddr } from '@multiformats/multiaddr'
import { isPrivateSpace, spaceId } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { selfSigned } from '../src/data/certificate.ts'
import { testFolder } from './support/folders.ts'
import { connectFollower, infoOf, startWallRelay, until } from './support/walls.ts'
import type { TestFolder } from './support/folders.ts'
import type { Follower, WallRelay } from './support/walls.ts'
import type { RelayInfo, SpaceId } from '@pergola/protocols'
import type { AddressInfo, Server } from 'node:net'

/** A wall of somebody nobody knows: a relay follows it all the same */
function anyWall (): SpaceId {
  let space: SpaceId

  do {
    space = spaceId(randomBytes(32))
  } while (isPrivateSpace(space))

  return space
}

function isLinked (relay: WallRelay, other: WallRelay): boolean {
  return relay.libp2p.getConnections(other.peerId).some(({ status }) => status === 'open')
}

describe('walls from other relays', function () {
  this.timeout(60_000)

  let folder: TestFolder
  const undo: Array<() => Promise<void>> = []

  const relay = async (name: string, ...rest: [] | [Parameters<typeof startWallRelay>[1]]): Promise<WallRelay> => {
    const started = await startWallRelay(folder.at(name), ...rest)
    undo.push(async () => started.stop())

    return started
  }

  const follower = async (relay: WallRelay): Promise<Follower> => {
    const connected = await connectFollower(relay)
    undo.push(async () => connected.stop())

    return connected
  }

  /** A port that counts who comes */
  const canary = async (): Promise<{ server: Server, port: number, calls (): number }> => {
    let calls = 0
    const server = createServer(socket => {
      calls++
      socket.destroy()
    }).listen(0, '127.0.0.1')

    await once(server, 'listening')
    undo.push(async () => { server.close() })

    return { server, port: (server.address() as AddressInfo).port, calls: () => calls }
  }

  beforeEach(async () => { folder = await testFolder() })

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) {
      await step()
    }

    await folder.remove()
  })

  it('[FO9] links to a source while somebody follows, and not a moment longer', async () => {
    const one = await relay('one')
    const other = await relay('other')
    const ben = await follower(other)
    const [first, second] = [anyWall(), anyWall()]

    expect(await ben.services.follow.follow(other.peerId, [first, second].map(space => ({ space, sources: [infoOf(one)] })))).to.deep.equal([{ ok: true }, { ok: true }])
    await until(one.libp2p.services.follow, 'space:wanted', () => one.libp2p.services.follow.wanted().length === 2)
    expect(one.libp2p.getConnections()).to.have.lengthOf(1)
    expect(one.libp2p.services.follow.followers(first).map(String)).to.deep.equal([other.peerId.toString()])

    await ben.services.follow.follow(other.peerId, [{ space: first, want: false }])
    await until(one.libp2p.services.follow, 'space:unwanted', () => one.libp2p.services.follow.wanted().length === 1)
    expect(isLinked(one, other)).to.equal(true)

    const gone = until(one.libp2p, 'peer:disconnect', () => !isLinked(one, other))

    await ben.stop()
    await gone
    expect(other.libp2p.services.supervisor.states()).to.deep.equal([])
  })

  it('[FO9] links by name over TLS, on the secret path', async () => {
    const trusted = getCACertificates('default')
    const { pem, privateKey } = await selfSigned({ days: 2, names: [{ type: 'dns', value: 'localhost' }, { type: 'ip', value: '127.0.0.1' }] })

    await writeFile(folder.at('cert.pem'), pem)
    await writeFile(folder.at('key.pem'), privateKey)
    setDefaultCACertificates([...trusted, pem])
    undo.push(async () => { setDefaultCACertificates(trusted) })

    const one = await relay('one', { tls: { cert: folder.at('cert.pem'), key: folder.at('key.pem') } })
    const other = await relay('other')
    const ben = await follower(other)
    const told = once(ben.services.follow, 'space:coming')

    await ben.services.follow.follow(other.peerId, [{ space: anyWall(), sources: [{ ...infoOf(one), addrs: [`/dns4/localhost/tcp/${one.address.port}/tls/ws`] }] }])
    await told
    expect(one.libp2p.getConnections(other.peerId)).to.have.lengthOf(1)
  })

  it('[FO12] tells its client when a wall comes, and when it comes no longer', async () => {
    const one = await relay('one')
    const other = await relay('other')
    const ben = await follower(other)
    const space = anyWall()
    const said: Array<{ coming: boolean, space: SpaceId }> = []

    ben.services.follow.addEventListener('space:coming', ({ detail }) => { said.push({ coming: detail.coming, space: detail.space }) })
    await ben.services.follow.follow(other.peerId, [{ space, sources: [infoOf(one)] }])
    await until(ben.services.follow, 'space:coming', () => said.length > 0)
    expect(said).to.deep.equal([{ coming: true, space }])

    // who comes later is told in the answer
    const late = await follower(other)

    expect(await late.services.follow.follow(other.peerId, [{ space, sources: [infoOf(one)] }, { space: anyWall(), sources: [infoOf(one)] }])).to.deep.equal([{ ok: true, coming: true }, { ok: true }])

    await one.stop()
    await until(ben.services.follow, 'space:coming', () => said.length > 2 || said.at(-1)?.coming === false)
    expect(said.at(-1)).to.deep.equal({ coming: false, space })
  })

  it('[FO12] says so only of sources that this client named', async () => {
    const one = await relay('one')
    const other = await relay('other')
    const [ben, eve] = [await follower(other), await follower(other)]
    const space = anyWall()
    const told = once(eve.services.follow, 'space:coming')
    const elsewhere: RelayInfo = { ...infoOf(one), peer: ben.peerId.toString() }

    await eve.services.follow.follow(other.peerId, [{ space, sources: [infoOf(one)] }])
    await told
    expect(await ben.services.follow.follow(other.peerId, [{ space, sources: [elsewhere] }])).to.deep.equal([{ ok: true }])
    expect(await ben.services.follow.follow(other.peerId, [{ space }])).to.deep.equal([{ ok: true }])
  })

  it('[FO13] relays that name each other let go of each other with their last client', async () => {
    const one = await relay('one')
    const other = await relay('other')
    const [ada, ben] = [await follower(one), await follower(other)]
    const space = anyWall()

    const told = Promise.all([ada, ben].map(async ({ services }) => once(services.follow, 'space:coming')))

    await ada.services.follow.follow(one.peerId, [{ space, sources: [infoOf(other)] }])
    await ben.services.follow.follow(other.peerId, [{ space, sources: [infoOf(one)] }])
    await told

    // what a relay wants is asked for by its clients, never by another relay
    expect(one.libp2p.services.follow.named(other.peerId, space)).to.deep.equal([])
    expect(other.libp2p.services.follow.named(one.peerId, space)).to.deep.equal([])

    const apart = Promise.all([[one, other], [other, one]].map(async ([here, there]) => until(here.libp2p, 'peer:disconnect', () => !isLinked(here, there))))

    await ada.stop()
    await ben.stop()
    await apart
    expect([one, other].map(({ libp2p }) => libp2p.services.follow.wanted().length)).to.deep.equal([0, 0])
  })

  it('[FO10] a relay on the internet knocks at no door of its own network, whoever asks', async () => {
    const door = await canary()
    const source = { peer: infoOf(await relay('source')).peer, addrs: [`/ip4/127.0.0.1/tcp/${door.port}/ws`, `/dns4/localhost/tcp/${door.port}/tls/ws`], path: 'admin' }

    const local = await relay('local')
    const knocked = once(door.server, 'connection')

    await (await follower(local)).services.follow.follow(local.peerId, [{ space: anyWall(), sources: [source] }])
    await knocked
    await local.stop()

    const before = door.calls()
    const remote = await relay('remote', { behindProxy: true, publicUrl: 'https://example.org' })
    const tried = once(remote.libp2p.services.supervisor, 'state:changed')
    const eve = await follower(remote)

    await eve.services.follow.follow(remote.peerId, [{ space: anyWall(), sources: [source] }])
    await tried
    await until(remote.libp2p.services.supervisor, 'state:changed', () => remote.libp2p.services.supervisor.states().some(({ failures }) => failures > 0))
    expect(door.calls()).to.equal(before)
    await expect(remote.libp2p.dial(multiaddr(source.addrs[0]))).to.eventually.be.rejected()
    expect(door.calls()).to.equal(before)
    expect(remote.libp2p.getConnections()).to.have.lengthOf(1)
  })
})
