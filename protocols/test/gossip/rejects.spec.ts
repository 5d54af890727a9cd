import { expect } from 'aegir/chai'
import { MAX_REJECTED_PEERS, MAX_WAITING_MESSAGES, REJECT_FORGIVEN_MS, WAITING_MS } from '../../src/gossip/constants.ts'
import { Rejects } from '../../src/gossip/rejects.ts'
import { Waiting } from '../../src/gossip/waiting.ts'

describe('gossip: what is remembered', () => {
  it('[GO8] takes ten points for each reject, and forgives one a minute', () => {
    let now = 0
    const rejects = new Rejects({ now: () => now })

    expect(rejects.score('a')).to.equal(0)

    for (let i = 0; i < 8; i++) {
      rejects.add('a')
    }

    expect(rejects.score('a')).to.equal(-80)
    now += REJECT_FORGIVEN_MS - 1
    expect(rejects.score('a')).to.equal(-80)
    now += 1
    expect(rejects.score('a')).to.equal(-70)
    now += 6 * REJECT_FORGIVEN_MS
    expect(rejects.score('a')).to.equal(-10)
    now += REJECT_FORGIVEN_MS
    expect(rejects.score('a')).to.equal(0)
    rejects.add('a')
    expect(rejects.score('a')).to.equal(-10)
  })

  it('[GO8] forgets the peer it heard of longest ago when there are too many', () => {
    const rejects = new Rejects({ now: () => 0 })

    for (let i = 0; i <= MAX_REJECTED_PEERS; i++) {
      rejects.add(`${i}`)
    }

    expect(rejects.count('0')).to.equal(0)
    expect(rejects.count('1')).to.equal(1)
    expect(rejects.count(`${MAX_REJECTED_PEERS}`)).to.equal(1)
  })

  it('[GO11] lets a bounded number of own messages wait, for a bounded time', () => {
    let now = 0
    const waiting = new Waiting({ now: () => now })

    for (let i = 0; i <= MAX_WAITING_MESSAGES; i++) {
      waiting.add('t', Uint8Array.of(i))
    }

    const kept = waiting.take('t')
    expect(kept).to.have.length(MAX_WAITING_MESSAGES)
    expect(kept[0]).to.deep.equal(Uint8Array.of(1))
    expect(waiting.take('t')).to.deep.equal([])

    waiting.add('t', Uint8Array.of(1))
    waiting.add('u', Uint8Array.of(2))
    now += WAITING_MS
    expect([...waiting.take('t'), ...waiting.take('u')]).to.deep.equal([])
  })
})
