import { openLevelStore } from '@pergola/protocols/storage/level'
import { expect } from 'aegir/chai'
import { createRelay, openWallCache } from '../src/index.ts'
import { acknowledged, chainOf, connectDevice, makePerson, texts } from './support/devices.ts'
import { testFolder } from './support/folders.ts'
import type { TestFolder } from './support/folders.ts'
import type { WallRelay } from './support/walls.ts'
import type { WallCache } from '../src/index.ts'

describe('the walls that a relay keeps', function () {
  this.timeout(60_000)

  let folder: TestFolder

  beforeEach(async () => { folder = await testFolder() })
  afterEach(async () => { await folder.remove() })

  const start = async (): Promise<{ relay: WallRelay, walls: WallCache }> => {
    const walls = await openWallCache({ dataDir: folder.path })
    const relay: WallRelay = await createRelay({
      dataDir: folder.path, host: '127.0.0.1', port: 0, stunPort: 0, webrtcPort: 0, services: walls.services, extensions: [walls.extension]
    })

    await relay.start()

    return { relay, walls }
  }

  it('[D4] lets go of its folders when it is closed, and finds in them what it acknowledged', async () => {
    const anna = await makePerson()
    const first = await start()
    const writer = await connectDevice(first.relay, anna)
    const kept = acknowledged(writer, chainOf(anna, anna.wall), 0)

    await writer.open(anna.wall)
    await writer.write(anna.wall, 'still there')
    await kept
    await expect(openLevelStore(folder.at('store'))).to.eventually.be.rejected.with.property('name', 'StoreLockedError')

    await first.relay.stop()
    await first.walls.close()
    await first.walls.close()
    await writer.stop()

    for (const name of ['store', 'blocks']) {
      await (await openLevelStore(folder.at(name))).close()
    }

    const second = await start()
    const reader = await connectDevice(second.relay, await makePerson())

    await reader.open(anna.wall)
    expect(await texts(reader, chainOf(anna, anna.wall), 1)).to.deep.equal(['still there'])
    await reader.stop()
    await second.relay.stop()
    await second.walls.close()
  })

  it('[D4] starts again after a stop without being closed', async () => {
    const { relay, walls } = await start()

    await relay.stop()
    await relay.start()
    await relay.stop()
    await walls.close()
  })
})
