import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { createHandshake } from '../../src/hello/state.ts'
import { deviceId } from '../../src/ids.ts'
import type { DeviceProof, HelloMessage } from '../../src/hello/messages.ts'
import type { Effect, Handshake, HandshakeEvent, Role } from '../../src/hello/state.ts'

const local = Uint8Array.of(1)
const remote = Uint8Array.of(2)

function deviceProof (n: number): DeviceProof {
  return { record: Uint8Array.of(n), device: deviceId(new Uint8Array(32).fill(n)), signature: new Uint8Array(64).fill(n) }
}

function handshake (role: Role): Handshake {
  const isInitiator = role === 'initiator'

  return createHandshake({ role, local: isInitiator ? local : remote, remote: isInitiator ? remote : local, nonce: new Uint8Array(32).fill(isInitiator ? 1 : 2) })
}

interface Ran {
  outcomes: Record<Role, string | undefined>
  sent: Record<Role, HelloMessage[]>
  bindings: Record<string, Uint8Array>
}

/** Runs both sides against each other */
function run (accepts: Record<Role, boolean>, has: Record<Role, boolean> = { initiator: true, responder: true }): Ran {
  const sides = { initiator: handshake('initiator'), responder: handshake('responder') }
  const ran: Ran = { outcomes: { initiator: undefined, responder: undefined }, sent: { initiator: [], responder: [] }, bindings: {} }
  const events: Array<[Role, HandshakeEvent]> = [['initiator', { type: 'start' }]]

  for (let next = events.shift(); next != null; next = events.shift()) {
    const [role, event] = next
    const other: Role = role === 'initiator' ? 'responder' : 'initiator'

    for (const effect of sides[role].handle(event)) {
      if (effect.type === 'send') {
        ran.sent[role].push(effect.message)
        events.push([other, { type: 'message', message: effect.message }])
      } else if (effect.type === 'prove') {
        ran.bindings[`${role} made`] = effect.binding
        events.push([role, { type: 'proof', proof: has[role] ? { device: deviceProof(role === 'initiator' ? 1 : 2) } : undefined, card: { relays: [] } }])
      } else if (effect.type === 'judge') {
        ran.bindings[`${other} seen`] = effect.binding
        events.push([role, { type: 'verdict', accepted: accepts[role], card: { relays: [] } }])
      } else if (effect.type === 'admit') {
        events.push([role, { type: 'admitted' }])
      } else {
        ran.outcomes[role] = effect.outcome
      }
    }
  }

  return ran
}

describe('hello handshake', () => {
  it('[HE10] ends proved on both sides when both accept', () => {
    const { outcomes, sent } = run({ initiator: true, responder: true })

    expect(outcomes).to.deep.equal({ initiator: 'proved', responder: 'proved' })
    expect(sent.initiator.map(({ type }) => type)).to.deep.equal(['hello', 'proof', 'done'])
    expect(sent.responder.map(({ type }) => type)).to.deep.equal(['nonce', 'yes', 'done'])
  })

  it('[HE11] a responder that does not accept says no and nothing else', () => {
    const { outcomes, sent } = run({ initiator: true, responder: false })

    expect(outcomes).to.deep.equal({ initiator: 'refused', responder: 'refused' })
    expect(sent.responder).to.deep.equal([{ type: 'nonce', nonce: new Uint8Array(32).fill(2) }, { type: 'no' }])
  })

  it('[HE12] an initiator that does not accept says no, and gives no card', () => {
    const { outcomes, sent } = run({ initiator: false, responder: true })

    expect(outcomes).to.deep.equal({ initiator: 'refused', responder: 'refused' })
    expect(sent.initiator.at(-1)).to.deep.equal({ type: 'no' })
  })

  it('[HE13] a responder that has nothing to show says no', () => {
    expect(run({ initiator: true, responder: true }, { initiator: true, responder: false })).to.have.nested.property('sent.responder[1].type', 'no')
    expect(run({ initiator: true, responder: true }, { initiator: false, responder: true }).outcomes.initiator).to.equal('broken')
  })

  it('[HE14] both sides compute the same bindings, and the two roles differ', () => {
    const { bindings } = run({ initiator: true, responder: true })

    expect(bindings['initiator made']).to.deep.equal(bindings['initiator seen'])
    expect(bindings['responder made']).to.deep.equal(bindings['responder seen'])
    expect(bindings['initiator made']).to.not.deep.equal(bindings['responder made'])
  })

  it('[HE15] whatever comes in whatever order, nobody is admitted without a yes to a proof, and the responder shows nothing before', () => {
    const message: fc.Arbitrary<HelloMessage> = fc.constantFrom<HelloMessage>(
      { type: 'hello', nonce: new Uint8Array(32) }, { type: 'nonce', nonce: new Uint8Array(32) }, { type: 'proof', proof: { device: deviceProof(7) } },
      { type: 'yes', device: deviceProof(7) }, { type: 'done' }, { type: 'no' }
    )
    const event: fc.Arbitrary<HandshakeEvent> = fc.oneof(
      { weight: 5, arbitrary: message.map(each => ({ type: 'message' as const, message: each })) },
      fc.constantFrom<HandshakeEvent>(
        { type: 'start' }, { type: 'proof', proof: { device: deviceProof(1) } }, { type: 'proof', proof: undefined },
        { type: 'verdict', accepted: true }, { type: 'verdict', accepted: false }, { type: 'admitted' }
      )
    )

    fc.assert(fc.property(fc.constantFrom<Role>('initiator', 'responder'), fc.array(event, { maxLength: 12 }), (role, events) => {
      const side = handshake(role)
      const seen: Effect[] = []
      let said = false
      let ended = false

      for (const each of events) {
        const asked = seen.at(-1)?.type === 'judge'
        const effects = side.handle(each)

        said ||= asked && each.type === 'verdict' && each.accepted
        expect(ended && effects.length > 0).to.equal(false)

        for (const effect of effects) {
          ended ||= effect.type === 'end'
          seen.push(effect)

          if (effect.type === 'admit' || (effect.type === 'send' && effect.message.type === 'yes')) {
            expect(said).to.equal(true)
          }

          if (effect.type === 'end' && effect.outcome === 'proved') {
            expect(seen.some(({ type }) => type === 'admit')).to.equal(true)
          }
        }
      }
    }), { numRuns: 5_000 })
  })
})
