import { publicWall, toHex } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { Sources } from '../src/walls/sources.ts'
import type { IdentityId, RelayInfo, SpaceId } from '@pergola/protocols'

function space (n: number): SpaceId {
  return publicWall(toHex(new Uint8Array(32).fill(n)) as IdentityId)
}

function relay (peer: string, address = `/ip4/192.0.2.1/tcp/1/ws/${peer}`, path = 'p'): RelayInfo {
  return { peer, addrs: [address], path }
}

function make (init: { maxRelays?: number, maxSpaces?: number, maxWays?: number } = {}): Sources {
  return new Sources({ self: 'me', maxRelays: 10, maxSpaces: 10, maxWays: 8, ...init })
}

describe('which wall comes from where', () => {
  it('[FO9] links at the first wall from a relay and hangs up after the last', () => {
    const sources = make()

    expect(sources.set(space(1), [relay('a')]).map(({ type }) => type)).to.deep.equal(['link', 'begin'])
    expect(sources.set(space(2), [relay('a')])).to.deep.equal([{ type: 'begin', peer: 'a', space: space(2) }])
    expect(sources.set(space(2), [relay('a')])).to.deep.equal([])
    expect(sources.set(space(1), [])).to.deep.equal([{ type: 'end', peer: 'a', space: space(1) }])
    expect(sources.set(space(2), [])).to.deep.equal([{ type: 'end', peer: 'a', space: space(2) }, { type: 'unlink', peer: 'a' }])
    expect(sources.isLinked('a')).to.equal(false)
  })

  it('[FO9] goes from one relay to another when the followers say so', () => {
    const sources = make()

    sources.set(space(1), [relay('a'), relay('b')])
    expect(sources.set(space(1), [relay('b'), relay('c')]).map(step => `${step.type} ${'peer' in step ? step.peer : step.info.peer}`))
      .to.deep.equal(['end a', 'link c', 'begin c', 'unlink a'])
    expect(sources.relays(space(1))).to.deep.equal(['b', 'c'])
  })

  it('[FO9] is no source to itself', () => {
    expect(make().set(space(1), [relay('me')])).to.deep.equal([])
  })

  it('[FO11] links to no relay past its cap, and to the next when there is room again', () => {
    const sources = make({ maxRelays: 2 })

    sources.set(space(1), [relay('a')])
    sources.set(space(2), [relay('b')])
    expect(sources.set(space(3), [relay('c')])).to.deep.equal([])
    expect(sources.isCrowded).to.equal(true)
    expect(sources.set(space(1), []).map(({ type }) => type)).to.deep.equal(['end', 'unlink', 'link', 'begin'])
    expect(sources.isLinked('c')).to.equal(true)
    expect(sources.isCrowded).to.equal(false)
  })

  it('[FO11] takes no space past the cap of a relay, and the next when there is room again', () => {
    const sources = make({ maxSpaces: 2 })

    sources.set(space(1), [relay('a')])
    sources.set(space(2), [relay('a')])
    expect(sources.set(space(3), [relay('a')])).to.deep.equal([])
    expect(sources.set(space(1), [])).to.deep.equal([{ type: 'end', peer: 'a', space: space(1) }, { type: 'begin', peer: 'a', space: space(3) }])
  })

  it('[FO11] gives up a relay that cannot be reached when others wait', () => {
    const sources = make({ maxRelays: 1 })

    sources.set(space(1), [relay('dead')])
    sources.set(space(2), [relay('b')])
    expect(sources.evict('dead').map(({ type }) => type)).to.deep.equal(['end', 'unlink', 'link', 'begin'])
    expect(sources.isLinked('b')).to.equal(true)
    expect(sources.set(space(1), [])).to.deep.equal([])
  })

  it('[FO11] who names a wrong way to a relay keeps nobody else from it', () => {
    const sources = make({ maxWays: 2 })

    sources.set(space(1), [relay('a', '/wrong/1')])
    sources.set(space(2), [relay('a', '/right', 'secret')])
    sources.set(space(3), [relay('a', '/right', 'secret')])
    sources.set(space(4), [relay('a', '/wrong/2')])
    expect(sources.ways('a')).to.deep.equal([{ address: '/right', path: 'secret' }, { address: '/wrong/1', path: 'p' }])
    expect(sources.ways('b')).to.deep.equal([])
  })

  it('[FO11] keeps nothing of what is not wanted any more, in whatever order it came and went', () => {
    const sources = make({ maxRelays: 3, maxSpaces: 4 })

    for (let i = 0; i < 2_000; i++) {
      const n = (i * 7919) % 60

      sources.set(space(n), i % 3 === 0 ? [] : [relay(`r${(i * 31) % 9}`), relay(`r${(i * 17) % 9}`)])
    }

    for (let n = 0; n < 60; n++) {
      sources.set(space(n), [])
    }

    expect(Array.from({ length: 9 }, (_, n) => sources.isLinked(`r${n}`))).to.not.include(true)
    expect(sources.isCrowded).to.equal(false)
  })
})
