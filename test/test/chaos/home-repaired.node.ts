import { cp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { freePort, untilShown, World } from './world.ts'

describe('a home node whose disk lost what it had written', function () {
  this.timeout(3 * 60_000)

  const world = new World()

  before(async () => world.begin())
  after(async () => world.end())

  it('[D7] learns its own entries from others before it writes, and its chain does not split', async () => {
    const relay = await world.relay({ port: await freePort() })
    let home = await world.home()
    const author = await world.authorWithHome(relay.info, home)
    const { space } = author.account.requireMe()
    const store = join(home.data, 'records')
    const old = world.at('old-store')

    await home.calls.post({ text: 'one' })
    await untilShown(author, space, ['one'])
    await home.program.kill()
    await cp(store, old, { recursive: true })

    home = await world.home()
    await home.calls.post({ text: 'two' })
    await untilShown(author, space, ['two', 'one'])
    await home.program.kill()

    // what a disk does that promised more than it kept: the folder is of an earlier moment, and damaged
    await rm(store, { recursive: true })
    await cp(old, store, { recursive: true })

    for (const name of await readdir(store)) {
      if (name.startsWith('MANIFEST')) {
        await writeFile(join(store, name), new Uint8Array(64).fill(0xff))
      }
    }

    home = await world.home()
    await home.calls.post({ text: 'three' })
    await untilShown(author, space, ['three', 'two', 'one'])

    for (const { fork } of await author.log.chains(space)) {
      expect(fork).to.equal(undefined)
    }
  })
})
