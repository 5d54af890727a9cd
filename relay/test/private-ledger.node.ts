import { spaceId } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { PrivateLedger } from '../src/walls/private-ledger.ts'
import type { PrivateLimits } from '../src/walls/private-ledger.ts'
import type { IdentityId, SpaceId } from '@pergola/protocols'

const LIMITS: PrivateLimits = { maxBytes: 1_000, maxSpaces: 4, maxBytesPerClient: 500, maxSpacesPerClient: 2, maxAuthors: 2 }

function space (n: number): SpaceId {
  return spaceId(new Uint8Array(32).fill(n))
}

function identity (n: number): IdentityId {
  return space(n) as string as IdentityId
}

describe('what a relay keeps of private spaces', () => {
  let ledger: PrivateLedger
  let used: Set<SpaceId>

  beforeEach(() => {
    ledger = new PrivateLedger(LIMITS)
    used = new Set()
  })

  function room (n: number, bytes: number, askers: string[], recordOf?: IdentityId): SpaceId[] | undefined {
    return ledger.makeRoom({ space: space(n), bytes, askers, inUse: candidate => used.has(candidate), ...(recordOf == null ? {} : { recordOf }) })
  }

  /** As a relay does: room first, then written */
  function write (n: number, bytes: number, asker: string | string[], author: number = 1): boolean {
    const askers = [asker].flat()
    const gone = room(n, bytes, askers)

    gone?.forEach(space => ledger.dropped(space))

    if (gone != null) {
      ledger.added(space(n), bytes, [identity(author)], askers)
    }

    return gone != null
  }

  it('[FO17] a client has so many bytes and not one more, in all its spaces together', () => {
    expect(write(1, 300, 'ada')).to.equal(true)
    expect(write(2, 200, 'ada')).to.equal(true)
    expect(write(2, 1, 'ada')).to.equal(false)
    expect(write(3, 500, 'ben')).to.equal(true)
  })

  it('[FO17] a client has so many spaces and not one more', () => {
    expect(write(1, 1, 'ada')).to.equal(true)
    expect(ledger.mayAsk(space(3), 'ada')).to.equal(true)
    expect(write(2, 1, 'ada')).to.equal(true)
    expect(ledger.mayAsk(space(3), 'ada')).to.equal(false)
    expect(ledger.mayAsk(space(2), 'ada')).to.equal(true)
    expect(write(3, 1, 'ada')).to.equal(false)
    expect(write(2, 1, 'ada')).to.equal(true)
  })

  it('[FO17] who asked first pays, whoever writes, while it asks', () => {
    write(1, 400, 'ada')
    expect(write(1, 100, ['ada', 'ben'])).to.equal(true)
    expect(write(1, 1, ['ada', 'ben'])).to.equal(false)
    expect(write(2, 500, 'ben')).to.equal(true)
  })

  it('[FO17] when it does not ask any more, the next who asks pays for what is written', () => {
    write(1, 400, 'ada')
    ledger.use(space(1), 'ben')
    expect(write(2, 101, 'ada')).to.equal(false)
    expect(write(1, 100, ['ben', 'carl'])).to.equal(true)
    expect(write(2, 500, 'ada')).to.equal(true)
    expect(write(1, 1, ['ben', 'ada'])).to.equal(false)
    ledger.dropped(space(1))
    expect(write(3, 500, 'ben')).to.equal(true)
  })

  it('[FO17] nothing is written of a space that nobody asks for', () => {
    expect(room(1, 1, [])).to.equal(undefined)
  })

  it('[FO17] what was used longest ago goes first, and nothing that is in use', () => {
    write(1, 250, 'ada')
    write(2, 250, 'ben')
    write(3, 250, 'carl')
    ledger.use(space(1), 'dora')
    write(4, 250, 'dora')
    expect(room(4, 1, ['dora'])).to.deep.equal([space(2)])
    expect(room(4, 251, ['dora'])).to.equal(undefined)
    used.add(space(2))
    expect(room(4, 250, ['dora'])).to.deep.equal([space(3)])
    used.add(space(1)).add(space(3))
    expect(room(4, 1, ['dora'])).to.equal(undefined)
    used.clear()
    expect(room(5, 1, ['eve'])).to.deep.equal([space(2)])
  })

  it('[FO17] keeps the records of so many authors of a space and not one more', () => {
    expect(room(1, 1, ['ada'], identity(1))).to.deep.equal([])
    ledger.added(space(1), 1, [identity(1)], ['ada'])
    ledger.added(space(1), 1, [identity(2)], ['ada'])
    expect(room(1, 1, ['ada'], identity(2))).to.deep.equal([])
    expect(room(1, 1, ['ada'], identity(3))).to.equal(undefined)
  })

  it('[FO17] says of which identities nothing is left', () => {
    write(1, 1, 'ada', 1)
    write(1, 1, 'ada', 2)
    write(2, 1, 'ada', 2)
    expect(ledger.dropped(space(1))).to.deep.equal([identity(1)])
    expect(ledger.dropped(space(1))).to.deep.equal([])
    expect(ledger.dropped(space(2))).to.deep.equal([identity(2)])
  })

  it('[FO17] what was there before the start counts, and is paid for by the next who asks', () => {
    ledger.load(space(1), 450, [identity(1)])
    expect(write(2, 500, 'ben', 2)).to.equal(true)
    expect(room(3, 51, ['carl'])).to.deep.equal([space(1)])
    ledger.use(space(1), 'ada')
    expect(write(1, 50, 'ada')).to.equal(true)
    expect(write(1, 1, 'ada')).to.equal(false)
    expect(ledger.dropped(space(1))).to.deep.equal([identity(1)])
  })
})
