import { expect } from 'aegir/chai'
import { MAX_COUNTED_PEERS, MAX_HELLOS_PER_MINUTE } from '../../src/hello/constants.ts'
import { createRate } from '../../src/hello/rate.ts'

describe('rate of handshakes', () => {
  it('[HE47] each peer may begin so many in a minute, then again', () => {
    let now = 1_000_000
    const rate = createRate({ now: () => now })
    const take = (peer: string): boolean[] => Array.from({ length: MAX_HELLOS_PER_MINUTE }, () => rate.take(peer))

    expect(take('ada').every(Boolean)).to.equal(true)
    expect(rate.take('ada')).to.equal(false)
    expect(take('bob').every(Boolean)).to.equal(true)
    now += 59_999
    expect(rate.take('ada')).to.equal(false)
    now += 1
    expect(rate.take('ada')).to.equal(true)
    now -= 1_000_000
    expect(rate.take('ada')).to.equal(true)
  })

  it('[HE47] handshakes that end well do not count', () => {
    const rate = createRate({ now: () => 0 })

    for (let i = 0; i < MAX_HELLOS_PER_MINUTE * 3; i++) {
      expect(rate.take('ada')).to.equal(true)
      rate.giveBack('ada')
    }

    rate.giveBack('ada')

    for (let i = 0; i < MAX_HELLOS_PER_MINUTE; i++) {
      expect(rate.take('ada')).to.equal(true)
    }

    expect(rate.take('ada')).to.equal(false)
  })

  it('[HE47] a limited number of peers is counted: the one that was quiet longest is forgotten', () => {
    const rate = createRate({ now: () => 0 })

    for (let i = 0; i <= MAX_HELLOS_PER_MINUTE; i++) {
      rate.take('ada')
    }

    for (let i = 0; i < MAX_COUNTED_PEERS - 1; i++) {
      rate.take(`${i}`)
    }

    expect(rate.take('ada')).to.equal(false)

    for (let i = 0; i < MAX_COUNTED_PEERS; i++) {
      rate.take(`other ${i}`)
    }

    expect(rate.take('ada')).to.equal(true)
  })
})
