/**
 * The handshake without IO: `handle(event)` says what to do next. The initiator proves first; the responder says who it is only to
 * somebody it accepts. Rules: specs/hello.md [HE10] to [HE19].
 *
 * ```
 * initiator                               responder
 *   hello(nonce)                     ->
 *                                    <-   nonce(nonce)
 *   proof(device and/or token)       ->
 *                                    <-   yes(device, card), or no
 *   done(card), or no                ->
 *                                    <-   done
 * ```
 */
import { encode } from '../codec/index.ts'
import type { Card } from './index.ts'
import type { DeviceProof, HelloMessage, Proof } from './messages.ts'

export type Role = 'initiator' | 'responder'

export interface HandshakeInit {
  role: Role
  /** Multihash bytes of the PeerIds at the two ends of the connection */
  local: Uint8Array
  remote: Uint8Array
  nonce: Uint8Array
}

export type HandshakeEvent =
  | { type: 'start' }
  | { type: 'message', message: HelloMessage }
  /** What `prove` asked for; undefined: there is nothing to show */
  | { type: 'proof', proof: Proof | undefined, card?: Card }
  /** The answer to `judge` */
  | { type: 'verdict', accepted: boolean, card?: Card }
  /** The answer to `admit` */
  | { type: 'admitted' }

export type Effect =
  | { type: 'send', message: HelloMessage }
  /** Make our own proof, bound to these bytes; answer with `proof` */
  | { type: 'prove', binding: Uint8Array }
  /** Look whether theirs is good and wanted; answer with `verdict` */
  | { type: 'judge', proof: Proof, binding: Uint8Array }
  /** Both sides are proved: from now on the peer is allowed; answer with `admitted` */
  | { type: 'admit', card?: Card }
  | { type: 'end', outcome: 'proved' | 'refused' | 'broken' }

type State = 'new' | 'nonce' | 'proving' | 'answer' | 'judging' | 'done' | 'admitting' | 'ended'

export interface Handshake {
  handle (event: HandshakeEvent): Effect[]
}

/** What both sides' proofs cover: who plays which part over which connection, this time */
function bindingOf (role: Role, initiator: Uint8Array, responder: Uint8Array, nonces: [Uint8Array, Uint8Array]): Uint8Array {
  return encode([role, initiator, responder, ...nonces])
}

export function createHandshake ({ role, local, remote, nonce }: HandshakeInit): Handshake {
  const isInitiator = role === 'initiator'
  const other: Role = isInitiator ? 'responder' : 'initiator'
  let state: State = 'new'
  let theirNonce: Uint8Array = new Uint8Array()
  let theirCard: Card | undefined

  function binding (prover: Role): Uint8Array {
    return isInitiator
      ? bindingOf(prover, local, remote, [nonce, theirNonce])
      : bindingOf(prover, remote, local, [theirNonce, nonce])
  }

  function end (outcome: 'proved' | 'refused' | 'broken', ...before: Effect[]): Effect[] {
    state = 'ended'

    return [...before, { type: 'end', outcome }]
  }

  function to (next: State, ...effects: Effect[]): Effect[] {
    state = next

    return effects
  }

  /** The responder gives one answer to everything that is not wanted or not right */
  function refuse (outcome: 'refused' | 'broken'): Effect[] {
    return end(outcome, { type: 'send', message: { type: 'no' } })
  }

  function judge (proof: Proof): Effect[] {
    return to('judging', { type: 'judge', proof, binding: binding(other) })
  }

  function admit (): Effect[] {
    return to('admitting', { type: 'admit', ...(theirCard == null ? {} : { card: theirCard }) })
  }

  function initiatorReceives (message: HelloMessage): Effect[] {
    if (state === 'nonce' && message.type === 'nonce') {
      theirNonce = message.nonce

      return to('proving', { type: 'prove', binding: binding(role) })
    }

    if (state === 'answer' && message.type === 'yes') {
      theirCard = message.card

      return judge({ device: message.device })
    }

    return state === 'done' && message.type === 'done' ? admit() : refuse('broken')
  }

  function responderReceives (message: HelloMessage): Effect[] {
    if (state === 'new' && message.type === 'hello') {
      theirNonce = message.nonce

      return to('answer', { type: 'send', message: { type: 'nonce', nonce } })
    }

    if (state === 'answer' && message.type === 'proof') {
      return judge(message.proof)
    }

    if (state === 'done' && message.type === 'done') {
      theirCard = message.card

      return admit()
    }

    return refuse('broken')
  }

  function receive (message: HelloMessage): Effect[] {
    if (message.type === 'no') {
      return end('refused')
    }

    return isInitiator ? initiatorReceives(message) : responderReceives(message)
  }

  function prove (proof: Proof | undefined, card: Card | undefined): Effect[] {
    if (isInitiator) {
      return proof == null ? end('broken') : to('answer', { type: 'send', message: { type: 'proof', proof } })
    }

    const device: DeviceProof | undefined = proof?.device

    return device == null
      ? refuse('refused')
      : to('done', { type: 'send', message: { type: 'yes', device, ...(card == null ? {} : { card }) } })
  }

  function judged (accepted: boolean, card: Card | undefined): Effect[] {
    if (!accepted) {
      return refuse('refused')
    }

    return isInitiator
      ? to('done', { type: 'send', message: { type: 'done', ...(card == null ? {} : { card }) } })
      : to('proving', { type: 'prove', binding: binding(role) })
  }

  return {
    handle (event) {
      if (state === 'ended') {
        return []
      }

      if (event.type === 'message') {
        return receive(event.message)
      }

      if (event.type === 'start' && isInitiator && state === 'new') {
        return to('nonce', { type: 'send', message: { type: 'hello', nonce } })
      }

      if (event.type === 'proof' && state === 'proving') {
        return prove(event.proof, event.card)
      }

      if (event.type === 'verdict' && state === 'judging') {
        return judged(event.accepted, event.card)
      }

      if (event.type === 'admitted' && state === 'admitting') {
        // the initiator may go on only once the responder knows it
        return isInitiator ? end('proved') : end('proved', { type: 'send', message: { type: 'done' } })
      }

      return refuse('broken')
    }
  }
}
