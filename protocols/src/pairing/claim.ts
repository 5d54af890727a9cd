/**
 * claim `/pergola/claim/1.0.0`: a home node that belongs to nobody yet gives itself to whoever knows its secret. It spares a person the way of the
 * pairing link by hand where node and browser are on one machine. Rules: specs/pairing.md [PA10] to [PA14].
 */
import { lpStream } from '@libp2p/utils'
import { decodeCanonical, encode, readArray, readBytes, readText } from '../codec/index.ts'
import { fromBase64url, toBase64url } from '../codec/text.ts'
import { MAX_LINK_CHARACTERS } from '../limits.ts'
import { CLAIM_PROTOCOL, CLAIM_SECRET_BYTES, MAX_CLAIM_FAILURES, MAX_CLAIM_FRAME_BYTES, PAIRING_TIMEOUT_MS } from './constants.ts'
import { PairingRefusedError } from './errors.ts'
import type { PairingComponents } from './index.ts'
import type { AbortOptions, Random } from '../interface.ts'
import type { PeerId, Startable } from '@libp2p/interface'

/** Names a home node and the secret that makes it somebody's */
export interface Claim {
  /** Text of the home node's transport PeerId */
  peer: string
  /** 16 bytes */
  secret: Uint8Array
}

const MAX_PEER_CHARACTERS = 128

/** For the part of an address after `#` */
export function encodeClaim ({ peer, secret }: Claim): string {
  return toBase64url(encode([peer, secret]))
}

/** @throws {MalformedError | LimitExceededError} */
export function decodeClaim (text: string): Claim {
  const [peer, secret] = readArray(decodeCanonical(fromBase64url(text), { maxBytes: MAX_CLAIM_FRAME_BYTES }), 'A claim', 2)

  return { peer: readText(peer, 'peer', MAX_PEER_CHARACTERS), secret: readBytes(secret, 'secret', CLAIM_SECRET_BYTES) }
}

export interface ClaimInit {
  random: Random
  /** Becomes a device of whoever made the pairing link; rejects if that fails */
  pair (link: string): Promise<void>
  /** A signal that fires after so many milliseconds; @default AbortSignal.timeout */
  timeout? (ms: number): AbortSignal
}

export interface Claims extends Startable {
  /** From now on, until it was used, whoever knows the secret may take this node. @throws {PairingRefusedError} after too many wrong secrets */
  offer (): Uint8Array
  /** Takes a home node: gives it a pairing link. @throws {PairingRefusedError} */
  take (claim: Claim, peer: PeerId, link: string, options?: AbortOptions): Promise<void>
}

function equal (a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length

  for (let i = 0; i < a.length; i++) {
    difference |= a[i] ^ (b[i] ?? 0)
  }

  return difference === 0
}

/** A libp2p service */
export function claims (init: ClaimInit): (components: PairingComponents) => Claims {
  const timeout = init.timeout ?? (ms => AbortSignal.timeout(ms))

  return ({ registrar, connectionManager }) => {
    let secret: Uint8Array | undefined
    let failures = 0
    let started = false

    async function serve (link: string, given: Uint8Array): Promise<boolean> {
      if (secret == null || !equal(secret, given)) {
        if (++failures >= MAX_CLAIM_FAILURES) {
          secret = undefined
        }

        return false
      }

      await init.pair(link)
      secret = undefined

      return true
    }

    return {
      offer () {
        if (failures >= MAX_CLAIM_FAILURES) {
          throw new PairingRefusedError('Too many wrong attempts to take this home: start it again')
        }

        secret ??= init.random.bytes(CLAIM_SECRET_BYTES)

        return secret
      },

      async start () {
        if (started) {
          return
        }

        started = true
        await registrar.handle(CLAIM_PROTOCOL, async stream => {
          const signal = timeout(PAIRING_TIMEOUT_MS)
          const frames = lpStream(stream, { maxDataLength: MAX_CLAIM_FRAME_BYTES })

          try {
            const [given, link] = readArray(decodeCanonical((await frames.read({ signal })).subarray(), { maxBytes: MAX_CLAIM_FRAME_BYTES }), 'A claim', 2)
            const taken = await serve(readText(link, 'link', MAX_LINK_CHARACTERS), readBytes(given, 'secret', CLAIM_SECRET_BYTES))

            await frames.write(encode(taken), { signal })
            await stream.close({ signal })
          } catch (err) {
            stream.abort(err instanceof Error ? err : new PairingRefusedError('The claim failed'))
          }
        }, { runOnLimitedConnection: true, maxInboundStreams: 2 })
      },

      async stop () {
        if (started) {
          started = false
          await registrar.unhandle(CLAIM_PROTOCOL)
        }
      },

      async take (claim, peer, link, options = {}) {
        const signal = AbortSignal.any([timeout(PAIRING_TIMEOUT_MS), ...options.signal == null ? [] : [options.signal]])
        const stream = await connectionManager.openStream(peer, CLAIM_PROTOCOL, { signal, runOnLimitedConnection: true })
        const frames = lpStream(stream, { maxDataLength: MAX_CLAIM_FRAME_BYTES })

        await frames.write(encode([claim.secret, link]), { signal })

        const answer = decodeCanonical((await frames.read({ signal })).subarray(), { maxBytes: 8 })

        await stream.close({ signal })

        if (answer !== true) {
          throw new PairingRefusedError('This home belongs to somebody already')
        }
      }
    }
  }
}
