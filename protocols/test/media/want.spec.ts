import { expect } from 'aegir/chai'
import { ABSENT_GRACE_MS, ASK_AGAIN_MS, HEDGE_MS, MAX_SEND_FAILURES, STALL_MS } from '../../src/media/constants.ts'
import { Want } from '../../src/media/want.ts'

describe('media: whom to ask for a block, and when to give up', () => {
  let connected: Set<string>
  let heard: Record<string, number>
  let did: string[]

  function want (providers: string[]): Want {
    const made = new Want(providers, 0, {
      ask: provider => { did.push(`ask ${provider}`) },
      askAgain: provider => { did.push(`again ${provider}`) },
      silent: provider => { did.push(`silent ${provider}`) },
      isConnected: provider => connected.has(provider),
      lastHeard: provider => heard[provider] ?? 0,
      fail: () => { did.push('fail') }
    })
    made.start(0)

    return made
  }

  beforeEach(() => {
    connected = new Set(['a', 'b', 'c'])
    heard = {}
    did = []
  })

  it('[ME4] the first, and the next when it does not have it', () => {
    const asking = want(['a', 'b'])
    expect(did).to.deep.equal(['ask a'])
    asking.refused('a', 10)
    expect(did).to.deep.equal(['ask a', 'ask b'])
    asking.refused('b', 20)
    expect(did).to.deep.equal(['ask a', 'ask b', 'fail'])
  })

  it('[ME4] a peer that was not asked cannot refuse', () => {
    const asking = want(['a', 'b'])
    asking.refused('b', 10)
    asking.refused('x', 10)
    expect(did).to.deep.equal(['ask a'])
  })

  it('[ME4] the next one too, when the first is silent', () => {
    const asking = want(['a', 'b', 'c'])
    heard.a = 500
    asking.tick(HEDGE_MS)
    expect(did).to.deep.equal(['ask a'])
    asking.tick(500 + HEDGE_MS)
    expect(did).to.deep.equal(['ask a', 'silent a', 'ask b'])
  })

  it('[ME4] whoever is silent is asked again, and at last given up', () => {
    const asking = want(['a'])
    asking.tick(ASK_AGAIN_MS)
    expect(did).to.deep.equal(['ask a', 'again a', 'silent a'])
    asking.tick(ASK_AGAIN_MS + 1)
    expect(did).to.deep.equal(['ask a', 'again a', 'silent a', 'silent a'])
    asking.tick(STALL_MS)
    expect(did.at(-1)).to.equal('fail')
  })

  it('[ME4] a provider that is away is waited for a while', () => {
    connected.clear()
    const asking = want(['a'])
    asking.tick(ABSENT_GRACE_MS - 1)
    expect(did).to.deep.equal([])
    asking.connected('a')
    expect(did).to.deep.equal(['ask a'])
  })

  it('[ME4] … and then no longer', () => {
    connected.clear()
    const asking = want(['a'])
    asking.tick(ABSENT_GRACE_MS)
    expect(did).to.deep.equal(['fail'])
  })

  it('[ME4] a provider that goes away is replaced by the next, and asked anew when it is back', () => {
    const asking = want(['a', 'b'])
    connected.delete('a')
    asking.disconnected('a', 10)
    expect(did).to.deep.equal(['ask a', 'ask b'])
    connected.delete('b')
    asking.disconnected('b', 20)
    asking.connected('a')
    expect(did).to.deep.equal(['ask a', 'ask b', 'ask a'])
  })

  it('[ME4] without providers there is nothing to wait for', () => {
    want([])
    expect(did).to.deep.equal(['fail'])
  })

  it('[ME4] a want that cannot be sent is tried again, but not at once and not for ever', () => {
    const asking = want(['a'])

    for (let i = 1; i < MAX_SEND_FAILURES; i++) {
      asking.failed('a', i)
      expect(did).to.have.lengthOf(i)
      asking.tick(i)
      expect(did).to.have.lengthOf(i + 1)
    }

    asking.failed('a', 10)
    expect(did.at(-1)).to.equal('fail')
  })

  it('[ME4] … and the next provider is asked meanwhile', () => {
    const asking = want(['a', 'b'])
    asking.failed('a', 1)
    expect(did).to.deep.equal(['ask a', 'ask b'])
  })
})
