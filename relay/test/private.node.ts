import { once } from 'node:events'
import { encodeEntry, isPrivateSpace, privateSpaceId, signEntry, systemClock, systemRandom } from '@pergola/protocols'
import { createLog } from '@pergola/protocols/log'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { expect } from 'aegir/chai'
import { createRelay, openWallCache } from '../src/index.ts'
import { acknowledged, chainOf, connectDevice, makePerson, texts } from './support/devices.ts'
import { testFolder } from './support/folders.ts'
import { infoOf, until } from './support/walls.ts'
import type { Device, Person } from './support/devices.ts'
import type { TestFolder } from './support/folders.ts'
import type { WallRelay } from './support/walls.ts'
import type { WallCacheInit } from '../src/index.ts'
import type { SpaceId } from '@pergola/protocols'

describe('private spaces at a relay', function () {
  this.timeout(60_000)

  const undo: Array<() => Promise<void>> = []
  let folder: TestFolder
  let anna: Person
  let space: SpaceId

  beforeEach(async () => {
    folder = await testFolder()
    anna = await makePerson(2)
    space = makeSpace()
  })

  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) {
      await step()
    }

    await folder.remove()
  })

  function makeSpace (): SpaceId {
    return privateSpaceId(() => systemRandom.bytes(32))
  }

  async function start (init: Partial<WallCacheInit> = {}, name: string = 'relay'): Promise<{ relay: WallRelay, stop (): Promise<void> }> {
    const dataDir = folder.at(name)
    const relay = await startIn(dataDir, init)
    let stopping: Promise<void> | undefined
    const stop = async (): Promise<void> => {
      stopping ??= relay.relay.stop().then(relay.walls.close)

      return stopping
    }

    undo.push(stop)

    return { relay: relay.relay, stop }
  }

  async function startIn (dataDir: string, init: Partial<WallCacheInit>): Promise<{ relay: WallRelay, walls: Awaited<ReturnType<typeof openWallCache>> }> {
    const walls = await openWallCache({ dataDir, ...init })
    const relay: WallRelay = await createRelay({
      dataDir, host: '127.0.0.1', port: 0, stunPort: 0, webrtcPort: 0, services: walls.services, extensions: [walls.extension]
    })

    await relay.start()

    return { relay, walls }
  }

  async function device (relay: WallRelay, person: Person, at?: number): Promise<Device> {
    const made = await connectDevice(relay, person, at)

    undo.push(made.stop)

    return made
  }

  /** The relay has forgotten that a device is there */
  async function leave (relay: WallRelay, gone: Device): Promise<void> {
    const left = until(relay.libp2p, 'peer:disconnect', () => relay.libp2p.getConnections(gone.node.peerId).length === 0)

    await gone.stop()
    await left
  }

  /** One entry in a space, by a device that goes as soon as the relay has it */
  async function leaveThere (relay: WallRelay, person: Person, where: SpaceId, text: string): Promise<void> {
    const writer = await device(relay, person)
    const kept = acknowledged(writer, chainOf(person, where), 0)

    expect(await writer.open(where)).to.deep.equal({ ok: true })
    await writer.write(where, text)
    await kept
    await leave(relay, writer)
  }

  it('[FO16] the other device has it after the first is gone, and after the relay started again', async () => {
    const first = await start()

    await leaveThere(first.relay, anna, space, 'settings')

    const other = await device(first.relay, anna, 1)

    await other.open(space)
    expect(await texts(other, chainOf(anna, space), 1)).to.deep.equal(['settings'])
    await first.stop()

    const second = await start()
    const third = await device(second.relay, anna, 1)

    await third.open(space)
    expect(await texts(third, chainOf(anna, space), 1)).to.deep.equal(['settings'])
  })

  it('[FO16] a newcomer gets the records of those who wrote, and all hear each other', async () => {
    const { relay } = await start()
    const [bert, carl] = [await makePerson(), await makePerson()]

    await leaveThere(relay, anna, space, 'from anna')

    const writer = await device(relay, bert)

    await writer.open(space)
    await writer.write(space, 'from bert')

    const newcomer = await device(relay, carl)

    await newcomer.open(space)
    expect(await texts(newcomer, chainOf(anna, space), 1)).to.deep.equal(['from anna'])
    expect(await texts(newcomer, chainOf(bert, space), 1)).to.deep.equal(['from bert'])
    expect((await newcomer.log.record(anna.identity))?.bytes).to.deep.equal(anna.record.bytes)
    await newcomer.write(space, 'from carl')
    expect(await texts(writer, chainOf(carl, space), 1)).to.deep.equal(['from carl'])
  })

  it('[FO15] in the wall of an identity nobody else writes, whoever asks', async () => {
    const { relay } = await start()
    const bert = await makePerson()
    const writer = await device(relay, bert)

    expect(isPrivateSpace(anna.wall)).to.equal(false)
    await writer.open(anna.wall)
    await writer.write(anna.wall, 'not here')

    const reader = await device(relay, await makePerson())
    const caughtUp = once(reader.node.services.sync, 'space:caught-up')

    await reader.open(anna.wall)
    await caughtUp
    expect(await reader.log.chains(anna.wall)).to.deep.equal([])
  })

  it('[FO15] a relay asks no other relay for a private space, whatever a client names', async () => {
    const { relay } = await start()
    const { relay: source } = await start({}, 'source')
    const client = await device(relay, anna)
    const wall = anna.wall
    const told = once(client.node.services.follow, 'space:coming')

    await client.node.services.follow.follow(relay.peerId, [space, wall].map(asked => ({ space: asked, sources: [infoOf(source)] })))
    await told
    expect(source.libp2p.services.follow.wanted()).to.deep.equal([wall])
  })

  it('[FO17] keeps so many bytes for a client and not one more, and tells it', async () => {
    const entry = await signEntry(anna.signers[0], {
      space, identity: anna.identity, rec: 0, seq: 0, prev: null, time: Date.now(), epoch: new Uint8Array(16)
    }, new TextEncoder().encode('text'))
    const enough = anna.record.bytes.length + encodeEntry(entry).length
    const { relay } = await start({ privateSpaces: { maxBytesPerClient: enough } })
    const { relay: smaller } = await start({ privateSpaces: { maxBytesPerClient: enough - 1 } }, 'smaller')
    const [kept, refused] = [await device(relay, anna), await device(smaller, anna)]
    const answer = acknowledged(kept, chainOf(anna, space), 0)
    const refusal = once(refused.node.services.sync, 'space:refused')

    for (const writer of [kept, refused]) {
      await writer.open(space)
      await writer.write(space, 'text')
    }

    await answer
    await refusal

    const second = once(kept.node.services.sync, 'space:refused')

    await kept.write(space, '')
    await second
    expect(await kept.open(makeSpace())).to.deep.equal({ ok: false, reason: 'cap' })
  })

  it('[FO17] keeps so many spaces for a client and not one more; walls are none of them', async () => {
    const { relay } = await start({ privateSpaces: { maxSpacesPerClient: 1 } })
    const client = await device(relay, anna)
    const kept = acknowledged(client, chainOf(anna, space), 0)

    await client.open(space)
    await client.write(space, 'mine')
    await kept
    expect(await client.open(makeSpace())).to.deep.equal({ ok: false, reason: 'cap' })
    expect(await client.open(anna.wall)).to.deep.equal({ ok: true })
    expect(await client.open(space)).to.deep.equal({ ok: true })
  })

  it('[FO17] makes room by what was used longest ago and nobody asks for, with its records', async () => {
    const { relay, stop } = await start({ privateSpaces: { maxSpaces: 2 } })
    const people = await Promise.all([0, 1, 2].map(async () => makePerson()))
    const spaces = people.map(() => makeSpace())

    await leaveThere(relay, people[0], spaces[0], 'zero')
    await leaveThere(relay, people[1], spaces[1], 'one')

    // the first is used again, so the second goes
    const reader = await device(relay, anna)

    await reader.open(spaces[0])
    expect(await texts(reader, chainOf(people[0], spaces[0]), 1)).to.deep.equal(['zero'])
    await leaveThere(relay, people[2], spaces[2], 'two')

    const other = await device(relay, anna, 1)
    const caughtUp = once(other.node.services.sync, 'space:caught-up')

    await other.open(spaces[1])
    await caughtUp
    expect(await other.log.chains(spaces[1])).to.deep.equal([])
    await other.open(spaces[2])
    expect(await texts(other, chainOf(people[2], spaces[2]), 1)).to.deep.equal(['two'])
    await stop()

    const store = await openLevelStore(folder.at('relay', 'store'))
    const log = createLog({ store, clock: systemClock })
    const isKnown = await Promise.all(people.map(async ({ identity }) => await log.record(identity) != null))

    await store.close()
    expect(isKnown).to.deep.equal([true, false, true])
  })

  it('[FO17] what it kept before it started again counts, and goes first', async () => {
    const limits = { privateSpaces: { maxSpaces: 1 } }
    const first = await start(limits)

    await leaveThere(first.relay, anna, space, 'before')
    await first.stop()

    const { relay } = await start(limits)
    const bert = await makePerson()

    await leaveThere(relay, bert, makeSpace(), 'after')

    const reader = await device(relay, anna, 1)
    const caughtUp = once(reader.node.services.sync, 'space:caught-up')

    await reader.open(space)
    await caughtUp
    expect(await reader.log.chains(space)).to.deep.equal([])
  })

  it('[FO18] a relay that keeps nothing passes it on between those who are there', async () => {
    const { relay } = await start({ cache: 'none' })
    const one = await device(relay, anna)

    await one.write(space, 'passing')
    await one.open(space)

    const two = await device(relay, anna, 1)

    await two.open(space)
    expect(await texts(two, chainOf(anna, space), 1)).to.deep.equal(['passing'])
    await two.write(space, 'and back')
    expect(await texts(one, chainOf(anna, space, 1), 1)).to.deep.equal(['and back'])
    await leave(relay, one)
    await leave(relay, two)

    // with somebody to want it, but nobody to bring it
    const [three, four] = [await device(relay, await makePerson()), await device(relay, await makePerson())]

    await three.open(space)

    const caughtUp = once(four.node.services.sync, 'space:caught-up')

    await four.open(space)
    await caughtUp
    expect(await four.log.chains(space)).to.deep.equal([])
  })

  it('[FO19] who does not know the id learns nothing', async () => {
    const { relay } = await start()
    const eve = await device(relay, await makePerson())
    const heard: string[] = []

    for (const event of ['entries:added', 'record:changed'] as const) {
      eve.log.addEventListener(event, () => { heard.push(event) })
    }

    const elsewhere = makeSpace()
    const caughtUp = once(eve.node.services.sync, 'space:caught-up')

    expect(await eve.open(elsewhere)).to.deep.equal({ ok: true })
    await caughtUp
    await leaveThere(relay, anna, space, 'secret')

    // whatever the relay had to say of it comes before this
    await leaveThere(relay, await makePerson(), elsewhere, 'known')
    while (!heard.includes('entries:added')) {
      await once(eve.log, 'entries:added')
    }

    expect(heard).to.deep.equal(['record:changed', 'entries:added'])
    expect(await eve.log.spaces()).to.deep.equal([elsewhere])
    expect(await eve.log.record(anna.identity)).to.equal(undefined)
  })
})
