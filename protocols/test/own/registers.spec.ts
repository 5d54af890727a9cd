import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { sha256 } from '../../src/hash.ts'
import { entryId } from '../../src/ids.ts'
import { MAX_REGISTER_NAMES, MAX_REGISTERS } from '../../src/own/index.ts'
import { Registers } from '../../src/own/registers.ts'
import { cases } from '../cases.ts'
import type { EntryId } from '../../src/ids.ts'
import type { RegisterVersion } from '../../src/own/registers.ts'

const encoder = new TextEncoder()

function id (name: string | number): EntryId {
  return entryId(sha256(encoder.encode(`entry ${name}`)))
}

function version (n: number, init: Partial<RegisterVersion> = {}): RegisterVersion {
  return { id: id(n), claimed: n, name: 'settings', value: Uint8Array.of(n & 255), after: [], ...init }
}

function all (versions: RegisterVersion[]): Registers {
  const registers = new Registers()

  versions.forEach(one => registers.add(one))

  return registers
}

/** Everything that somebody can see */
function everything (registers: Registers, names: string[]): unknown {
  return {
    standing: [...registers.standing()].sort(([a], [b]) => a < b ? -1 : 1),
    values: [...registers.values()].map(({ id }) => id).sort(),
    current: names.map(name => registers.current(name))
  }
}

const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), time: fc.nat(5), isNull: fc.boolean(), after: fc.array(fc.nat(20), { maxLength: 4 }) })

describe('registers', () => {
  it('[OW25] what was made later stands, whatever its clock says', () => {
    const first = version(9)
    const second = version(1, { after: [first.id] })

    for (const order of [[first, second], [second, first]]) {
      const registers = all(order)

      expect(registers.get('settings')?.id).to.equal(second.id)
      expect(registers.current('settings')).to.deep.equal([second.id])
    }
  })

  it('[OW25] of several that were made at the same time the greatest by time and id stands, and the next replaces all', () => {
    const versions = [version(1), version(3), version(2)]
    const registers = all(versions)

    expect(registers.get('settings')?.claimed).to.equal(3)
    expect(registers.current('settings')).to.deep.equal([id(3), id(2), id(1)])
    registers.add(version(0, { after: registers.current('settings') }))
    expect(registers.get('settings')?.claimed).to.equal(0)
  })

  it('[OW25] at most 32 are named', () => {
    const registers = all(Array.from({ length: 40 }, (_, i) => version(i)))

    expect(registers.current('settings')).to.deep.equal(Array.from({ length: 32 }, (_, i) => id(39 - i)))
  })

  it('[OW25] a version of one register replaces none of another', () => {
    const registers = all([version(1, { name: 'a' }), version(2, { name: 'b', after: [id(1)] })])

    expect(registers.get('a')?.id).to.equal(id(1))
  })

  it('[OW26] any order, with any duplicates, gives the same', () => {
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.array(fc.nat(1_000), { maxLength: 40 }), (steps, numbers) => {
      const versions = steps.map(({ name, time, isNull, after }, n) => version(n, { name, claimed: time, value: isNull ? null : Uint8Array.of(n), after: after.map(id) }))
      const shuffled = [...numbers.map(n => versions[n % versions.length]), ...versions.map((one, i) => ({ one, key: (i * 7_919 + numbers.length * 31) % 101 })).sort((a, b) => a.key - b.key).map(({ one }) => one)]

      expect(everything(all(shuffled), ['a', 'b', 'c'])).to.deep.equal(everything(all(versions), ['a', 'b', 'c']))
    }), { numRuns: cases })
  })

  it('[OW27] two walls followed at the same time are both followed', () => {
    const registers = all([version(1, { name: 'follow/a' }), version(1, { id: id('b'), name: 'follow/b' })])

    expect([...registers.values()].map(({ name }) => name)).to.deep.equal(['follow/a', 'follow/b'])
  })

  it('[OW29] one value more than allowed is refused, and fits once another went', () => {
    const registers = all(Array.from({ length: MAX_REGISTERS }, (_, i) => version(i, { name: `draft/${i}` })))

    expect(() => { registers.checkRoom('draft/0') }).to.not.throw()
    expect(() => { registers.checkRoom('draft/x') }).to.throw().with.property('name', 'LimitExceededError')
    registers.add(version(MAX_REGISTERS, { name: 'draft/0', value: null, after: [id(0)] }))
    expect(() => { registers.checkRoom('draft/x') }).to.not.throw()
    registers.add(version(MAX_REGISTERS + 1, { name: 'draft/0', after: [id(MAX_REGISTERS)] }))
    expect(() => { registers.checkRoom('draft/x') }).to.throw().with.property('name', 'LimitExceededError')
  })

  it('[OW29] of more names than are held the last ones go, whatever the order', () => {
    const count = MAX_REGISTER_NAMES + 3
    const versions = Array.from({ length: count }, (_, i) => version(i, { name: String(i).padStart(6, '0'), value: null }))
    const kept = versions.slice(0, MAX_REGISTER_NAMES).map(({ name }) => name)

    for (const order of [versions, [...versions].reverse()]) {
      const registers = all(order)

      expect([...registers.standing().keys()].sort()).to.deep.equal(kept)
      expect(() => { registers.checkRoom('zzz') }).to.throw().with.property('name', 'LimitExceededError')
    }
  })
})
