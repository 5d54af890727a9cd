/** Carries a handshake over a stream: frames in and out, and nothing else. Rules: specs/hello.md [HE1], [HE2]. */
import { decode, encode } from 'it-length-prefixed'
import { MAX_HANDSHAKE_BYTES, MAX_HELLO_BYTES } from './constants.ts'
import { HelloFailedError } from './errors.ts'
import { decodeMessage, encodeMessage } from './messages.ts'
import type { Effect, Handshake, HandshakeEvent } from './state.ts'
import type { Stream } from '@libp2p/interface'

type Ask = Extract<Effect, { type: 'prove' | 'judge' | 'admit' }>

export interface Exchange {
  stream: Stream
  handshake: Handshake
  /** Does what the handshake cannot do itself */
  answer (ask: Ask): Promise<HandshakeEvent>
  signal: AbortSignal
}

async function send (stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (!stream.send(encode.single(bytes))) {
    await stream.onDrain({ signal })
  }
}

/** Stops a peer that sends more than any handshake has: iterating over a stream queues without bound what is not read yet */
function boundInput (stream: Stream): () => void {
  let received = 0

  const count = ({ data }: { data: { byteLength: number } }): void => {
    received += data.byteLength

    if (received > MAX_HANDSHAKE_BYTES) {
      stream.abort(new HelloFailedError(`More than ${MAX_HANDSHAKE_BYTES} bytes in a handshake`))
    }
  }

  stream.maxReadBufferLength = MAX_HANDSHAKE_BYTES
  stream.addEventListener('message', count)

  return () => { stream.removeEventListener('message', count) }
}

/**
 * Runs a handshake to its end.
 *
 * @throws {HelloFailedError} if the stream ends before the handshake does, or carries something else
 */
export async function exchange ({ stream, handshake, answer, signal }: Exchange): Promise<'proved' | 'refused' | 'broken'> {
  async function run (event: HandshakeEvent): Promise<'proved' | 'refused' | 'broken' | undefined> {
    for (const effect of handshake.handle(event)) {
      if (effect.type === 'send') {
        await send(stream, encodeMessage(effect.message), signal)
      } else if (effect.type === 'end') {
        return effect.outcome
      } else {
        return run(await answer(effect))
      }
    }
  }

  let outcome = stream.direction === 'outbound' ? await run({ type: 'start' }) : undefined

  if (outcome != null) {
    return outcome
  }

  const unbound = boundInput(stream)

  try {
    for await (const frame of decode(stream, { maxDataLength: MAX_HELLO_BYTES, maxLengthLength: 3 })) {
      outcome = await run({ type: 'message', message: decodeMessage(frame.subarray()) })

      if (outcome != null) {
        return outcome
      }
    }
  } finally {
    unbound()
  }

  throw new HelloFailedError('The other side ended the handshake')
}
