import { expect } from 'aegir/chai'
import { sha256 } from '../../src/hash.ts'
import { idBytes, spaceId } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { isPrivateSpace, privateSpaceId } from '../../src/space/index.ts'
import { person } from '../../src/testing/simulator-people.ts'

describe('kinds of spaces', () => {
  it('[SP30] the wall of an identity is never private', async () => {
    for (const name of ['anna', 'bert', 'carl']) {
      expect(isPrivateSpace((await person(name)).space)).to.equal(false)
    }
  })

  it('[SP30] an id that is made for a private space is private, at each of many tries', () => {
    for (let i = 0; i < 100; i++) {
      const space = privateSpaceId(() => systemRandom.bytes(32))

      expect(isPrivateSpace(space)).to.equal(true)
    }
  })

  it('[SP30] takes the first of a series that can be one, always the same', async () => {
    const { space: wall } = await person('anna')
    const series = [idBytes(wall), ...[1, 2, 3].map(i => sha256(Uint8Array.of(i)))]
    const tried: number[] = []
    const space = privateSpaceId(attempt => {
      tried.push(attempt)

      return series[attempt]
    })

    expect(tried[0]).to.equal(0)
    expect(space).to.equal(spaceId(series[tried[tried.length - 1]]))
    expect(tried.length).to.be.greaterThan(1)
    expect(privateSpaceId(attempt => series[attempt])).to.equal(space)
  })

  it('[SP30] takes 32 bytes and nothing else', () => {
    for (const length of [0, 31, 33]) {
      expect(() => privateSpaceId(() => new Uint8Array(length))).to.throw().with.property('name', 'MalformedIdError')
    }
  })
})
