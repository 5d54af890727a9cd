/**
 * pin `/pergola/pin/1.0.0`: asks a home node or relay to keep files, and proves by signed receipts that it does. One request on each
 * stream; an answer for every root, as soon as it is durable. Rules: specs/media.md.
 */
import { decode, encode } from 'it-length-prefixed'
import { NotStartedError } from '../errors.ts'
import { systemClock } from '../interface.ts'
import { MAX_FRAME_BYTES, MAX_STREAMS_PER_PEER } from '../limits.ts'
import { blockKey } from './block-key.ts'
import { MAX_PIN_ROOTS, PIN_REQUEST_TIMEOUT_MS } from './constants.ts'
import { MediaLimitError, PinRefusedError } from './errors.ts'
import { openStream } from './open-stream.ts'
import { pinJobs } from './pin-jobs.ts'
import { decodePinMessage, decodePinRequest, encodePinMessage, encodePinRequest } from './pin-messages.ts'
import { decodePinReceipt } from './pin-receipt.ts'
import type { Media } from './index.ts'
import type { PinFailure, PinMessage, PinRoot } from './pin-messages.ts'
import type { PinReceipt } from './pin-receipt.ts'
import type { Signer } from '../identity/index.ts'
import type { SpaceId } from '../ids.ts'
import type { AbortOptions, Clock } from '../interface.ts'
import type { Connection, Libp2p, PeerId, Startable, Stream } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

export const PIN_PROTOCOL = '/pergola/pin/1.0.0'

export interface PinsInit {
  media: Pick<Media, 'pin'>
  /** Who signs receipts; a peer without it only asks */
  signer?: Signer
  /** Whether a file of a space is kept for a peer: quotas are counted here; @default nothing */
  admits? (peer: PeerId, space: SpaceId, cid: CID, size: number): boolean | Promise<boolean>
  /** Whom to ask for the blocks besides the peer that asks; @default nobody */
  sources? (peer: PeerId, space: SpaceId): PeerId[]
  /** A request must have come whole within so many milliseconds; @default 30_000 */
  requestTimeout?: number
  clock?: Clock
}

export interface PinsComponents {
  libp2p: Pick<Libp2p, 'handle' | 'unhandle' | 'getConnections' | 'logger'>
}

/** A receipt is verified: signature, form, and that it is for a root that was asked for; whether `by` is one's own holder is for the caller to judge */
export type PinAnswer =
  | { type: 'receipt', receipt: PinReceipt, bytes: Uint8Array }
  | { type: 'failure', cid: CID, reason: PinFailure }
  | { type: 'progress', cid: CID, done: number }

export interface Pins extends Startable {
  /**
   * Asks a connected peer to keep files. Ends when every root was answered.
   *
   * @throws {PinRefusedError} if the other side ends before that
   * @throws {MediaUnavailableError} if it is not connected
   * @throws {MediaLimitError} for more than 256 roots: ask in parts
   */
  request (peer: PeerId, space: SpaceId, roots: PinRoot[], options?: AbortOptions): AsyncIterable<PinAnswer>
}

async function send (stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (!stream.send(encode.single(bytes))) {
    await stream.onDrain({ signal })
  }
}

export function pins (init: PinsInit): (components: PinsComponents) => Pins {
  return ({ libp2p }) => {
    const log = libp2p.logger.forComponent('pergola:pin')
    const clock = init.clock ?? systemClock
    const jobs = pinJobs({ ...init, clock })
    let running: AbortController | undefined

    async function serve (stream: Stream, { remotePeer: peer }: Connection, stopped: AbortSignal): Promise<void> {
      const closed = new AbortController()
      const signal = AbortSignal.any([closed.signal, stopped])
      stream.addEventListener('close', () => { closed.abort() }, { once: true })
      const late = setTimeout(() => { stream.abort(new Error('The pin request did not come in time')) }, init.requestTimeout ?? PIN_REQUEST_TIMEOUT_MS)

      try {
        const frame = await decode(stream, { maxDataLength: MAX_FRAME_BYTES }).next()
        clearTimeout(late)

        if (frame.done !== true) {
          const request = decodePinRequest(frame.value.subarray())

          for await (const message of jobs.run(peer, request, signal)) {
            await send(stream, encodePinMessage(message), signal)
          }
        }

        await stream.close({ signal })
      } finally {
        clearTimeout(late)
      }
    }

    async function onStream (stream: Stream, connection: Connection): Promise<void> {
      const stopped = running?.signal

      if (stopped == null) {
        stream.abort(new NotStartedError('Pinning was stopped'))
        return
      }

      try {
        await serve(stream, connection, stopped)
      } catch (err) {
        log('pinning for %p failed - %e', connection.remotePeer, err)
        stream.abort(err instanceof Error ? err : new Error('Pinning failed'))
      }
    }

    async function * answers (stream: Stream, roots: PinRoot[]): AsyncGenerator<PinAnswer> {
      const open = new Set(roots.map(({ cid }) => blockKey(cid)))

      for await (const frame of decode(stream, { maxDataLength: MAX_FRAME_BYTES })) {
        const answer = await judge(decodePinMessage(frame.subarray()))
        const key = blockKey(answer.type === 'receipt' ? answer.receipt.root : answer.cid)

        if (!open.has(key)) {
          throw new PinRefusedError('The other side answered for a file that it was not asked to keep')
        }

        yield answer

        if (answer.type !== 'progress' && open.delete(key) && open.size === 0) {
          return
        }
      }

      throw new PinRefusedError('The other side ended before it had answered for every file: try again')
    }

    return {
      async start () {
        if (running == null) {
          running = new AbortController()

          if (init.signer != null) {
            await libp2p.handle(PIN_PROTOCOL, (stream, connection) => { void onStream(stream, connection) }, {
              runOnLimitedConnection: true,
              maxInboundStreams: MAX_STREAMS_PER_PEER,
              maxOutboundStreams: MAX_STREAMS_PER_PEER
            })
          }
        }
      },
      async stop () {
        if (running != null) {
          running.abort(new NotStartedError('Pinning was stopped'))
          running = undefined

          if (init.signer != null) {
            await libp2p.unhandle(PIN_PROTOCOL)
          }
        }
      },
      async * request (peer, space, roots, { signal: given } = {}) {
        const stopped = running?.signal

        if (stopped == null) {
          throw new NotStartedError('Pinning was not started')
        }

        if (roots.length > MAX_PIN_ROOTS) {
          throw new MediaLimitError(`A request names at most ${MAX_PIN_ROOTS} files`)
        }

        if (roots.length === 0) {
          return
        }

        const signal = given == null ? stopped : AbortSignal.any([given, stopped])
        const stream = await openStream(libp2p, peer, PIN_PROTOCOL, { signal })
        const onAbort = (): void => { stream.abort(new Error('The request was given up')) }
        signal.addEventListener('abort', onAbort, { once: true })

        try {
          await send(stream, encodePinRequest({ space, roots }), signal)
          yield * answers(stream, roots)
          await stream.close({ signal })
        } catch (err) {
          signal.throwIfAborted()
          throw err
        } finally {
          signal.removeEventListener('abort', onAbort)
          stream.abort(new Error('Nobody waits for the answers any more'))
        }
      }
    }
  }
}

async function judge (message: PinMessage): Promise<PinAnswer> {
  return message.type === 'receipt'
    ? { type: 'receipt', receipt: await decodePinReceipt(message.receipt), bytes: message.receipt }
    : message
}
