import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { Ledger } from '../../src/follow/ledger.ts'
import { spaceId } from '../../src/ids.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'

function space (n: number): SpaceId {
  return spaceId(new Uint8Array(32).fill(n))
}

function relay (name: string): RelayInfo {
  return { peer: name, addrs: [], path: '' }
}

function ask (n: number, changes: Partial<Parameters<Ledger['set']>[1]> = {}): Parameters<Ledger['set']>[1] {
  return { space: space(n), want: true, offer: false, sources: [], ...changes }
}

describe('follow: ledger', () => {
  it('[FO5] says when the first follower comes and when the last leaves', () => {
    const ledger = new Ledger()

    expect(ledger.set('a', ask(1)).changes).to.deep.equal([{ type: 'wanted', space: space(1) }])
    expect(ledger.set('a', ask(1)).changes).to.deep.equal([])
    expect(ledger.set('b', ask(1)).changes).to.deep.equal([])
    expect(ledger.set('a', ask(1, { want: false })).changes).to.deep.equal([])
    expect(ledger.forget('b')).to.deep.equal([{ type: 'unwanted', space: space(1) }])
    expect(ledger.wanted()).to.deep.equal([])
  })

  it('[FO5] keeps offers apart from wants', () => {
    const ledger = new Ledger()

    expect(ledger.set('home', ask(1, { want: false, offer: true })).changes).to.deep.equal([])
    expect(ledger.offers(space(1))).to.deep.equal(['home'])
    expect(ledger.followers(space(1))).to.deep.equal([])
    expect(ledger.isWanted(space(1))).to.equal(false)
  })

  it('[FO7] takes the two sources that most followers name', () => {
    const ledger = new Ledger()

    ledger.set('liar', ask(1, { sources: [relay('evil'), relay('worse')] }))
    expect(ledger.set('a', ask(1, { sources: [relay('good'), relay('better')] })).changes).to.deep.equal([])
    expect(ledger.set('b', ask(1, { sources: [relay('good'), relay('better')] })).changes).to.deep.equal([{ type: 'sources', space: space(1) }])
    expect(ledger.sources(space(1)).map(({ peer }) => peer)).to.deep.equal(['good', 'better'])
  })

  it('[FO7] takes of one relay the way that most followers name', () => {
    const ledger = new Ledger()

    ledger.set('liar', ask(1, { sources: [{ ...relay('good'), addrs: ['nowhere'] }] }))
    ledger.set('a', ask(1, { sources: [{ ...relay('good'), addrs: ['here'] }, relay('better')] }))
    ledger.set('b', ask(1, { sources: [{ ...relay('good'), addrs: ['here'] }] }))
    expect(ledger.sources(space(1))).to.deep.equal([{ ...relay('good'), addrs: ['here'] }, relay('better')])
  })

  it('[FO4] remembers no source past its cap, but the follower', () => {
    const ledger = new Ledger({ maxSources: 1 })

    ledger.set('a', ask(1, { sources: [relay('one'), relay('two')] }))
    ledger.set('a', ask(2, { sources: [relay('one')] }))
    expect(ledger.sources(space(1)).map(({ peer }) => peer)).to.deep.equal(['one'])
    expect(ledger.sources(space(2))).to.deep.equal([])
    expect(ledger.isWanted(space(2))).to.equal(true)
    ledger.set('b', ask(1, { sources: [relay('one')] }))
    ledger.forget('a')
    expect(ledger.sources(space(1)).map(({ peer }) => peer)).to.deep.equal(['one'])
  })

  it('[FO4] refuses one past the cap of a client, and of all together', () => {
    const one = new Ledger({ maxPerClient: 2 })
    expect([1, 2, 3].map(n => one.set('a', ask(n)).answer)).to.deep.equal([{ ok: true }, { ok: true }, { ok: false, reason: 'cap' }])
    expect(one.set('a', ask(2, { offer: true })).answer).to.deep.equal({ ok: true })
    expect(one.set('a', ask(3, { want: false })).answer).to.deep.equal({ ok: true })
    expect(one.set('b', ask(3)).answer).to.deep.equal({ ok: true })
    one.set('a', ask(1, { want: false }))
    expect(one.set('a', ask(3)).answer).to.deep.equal({ ok: true })

    const all = new Ledger({ max: 2 })
    expect(['a', 'b', 'c'].map(client => all.set(client, ask(1)).answer.ok)).to.deep.equal([true, true, false])
    all.forget('a')
    expect(all.set('c', ask(1)).answer.ok).to.equal(true)
  })

  it('[FO4] keeps nothing of clients that are gone, whatever they did', () => {
    const step = fc.record({ client: fc.constantFrom('a', 'b', 'c'), n: fc.nat(5), want: fc.boolean(), offer: fc.boolean(), leaves: fc.boolean(), from: fc.nat(3) })

    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const ledger = new Ledger({ maxPerClient: 4, max: 10 })
      const wanted = new Set<SpaceId>()

      const hear = (changes: ReturnType<Ledger['forget']>): void => {
        for (const { type, space: id } of changes) {
          if (type === 'wanted') {
            wanted.add(id)
          } else if (type === 'unwanted') {
            wanted.delete(id)
          }
        }
      }

      for (const { client, n, want, offer, leaves, from } of steps) {
        hear(leaves ? ledger.forget(client) : ledger.set(client, ask(n, { want, offer, sources: [relay(`${from}`)] })).changes)
        // what was told adds up to what is
        expect(new Set(ledger.wanted())).to.deep.equal(wanted)
        expect(ledger.wanted().every(id => ledger.followers(id).length > 0 && ledger.sources(id).length > 0)).to.equal(true)
      }

      for (const client of ['a', 'b', 'c']) {
        hear(ledger.forget(client))
      }

      expect(wanted.size).to.equal(0)
      expect([0, 1, 2, 3, 4, 5].flatMap(n => [...ledger.sources(space(n)), ...ledger.offers(space(n))])).to.deep.equal([])
      expect(Array.from({ length: 4 }, (_, n) => ledger.set('new', ask(n)).answer.ok)).to.deep.equal([true, true, true, true])
    }), { numRuns: 500 })
  })
})
