import { expect } from 'aegir/chai'
import { countAttempt, decodeAttempts, encodeAttempts, NO_ATTEMPTS, waitFor } from '../../../src/storage/sealed/attempts.ts'
import { FREE_ATTEMPTS, MAX_ATTEMPT_WAIT_MS } from '../../../src/storage/sealed/constants.ts'

const NOW = 1_800_000_000_000

describe('attempts', () => {
  it('[ST86] the first five are free, then each waits twice as long as the one before, up to an hour', () => {
    let attempts = NO_ATTEMPTS
    const waits: number[] = []

    for (let i = 0; i < 16; i++) {
      waits.push(waitFor(attempts, NOW))
      attempts = countAttempt(attempts, NOW)
    }

    expect(waits.slice(0, FREE_ATTEMPTS)).to.deep.equal([0, 0, 0, 0, 0])
    expect(waits.slice(FREE_ATTEMPTS, FREE_ATTEMPTS + 9).map(wait => wait / 1_000)).to.deep.equal([15, 30, 60, 120, 240, 480, 960, 1_920, 3_600])
    expect(waits.at(-1)).to.equal(MAX_ATTEMPT_WAIT_MS)
    expect(waitFor({ count: Number.MAX_SAFE_INTEGER, time: NOW }, NOW)).to.equal(MAX_ATTEMPT_WAIT_MS)
  })

  it('[ST86] a wait ends, not a moment before', () => {
    const attempts = { count: FREE_ATTEMPTS, time: NOW }

    expect(waitFor(attempts, NOW + 14_999)).to.equal(1)
    expect(waitFor(attempts, NOW + 15_000)).to.equal(0)
  })

  it('[ST86] a clock that was put back makes nobody wait longer', () => {
    expect(waitFor({ count: FREE_ATTEMPTS, time: NOW }, NOW - 1e10)).to.equal(15_000)
    expect(waitFor({ count: 1_000, time: NOW }, 0)).to.equal(MAX_ATTEMPT_WAIT_MS)
  })

  it('[ST86] are read as they were written; damage is no way around a wait', () => {
    const attempts = { count: 7, time: NOW }
    const bytes = encodeAttempts(attempts)

    expect(decodeAttempts(bytes, NOW + 1)).to.deep.equal(attempts)
    expect(decodeAttempts(undefined, NOW)).to.deep.equal(NO_ATTEMPTS)

    for (let length = 0; length < bytes.length; length++) {
      expect(waitFor(decodeAttempts(bytes.slice(0, length), NOW), NOW)).to.equal(15_000)
    }
  })
})
