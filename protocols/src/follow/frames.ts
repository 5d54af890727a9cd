import { decode, encode } from 'it-length-prefixed'
import { MAX_FOLLOW_BYTES } from './constants.ts'
import type { Stream } from '@libp2p/interface'

/** The frames that come over a stream; it throws if one is too long, or the stream is reset */
export async function * readFrames (stream: Stream): AsyncGenerator<Uint8Array> {
  for await (const frame of decode(stream, { maxDataLength: MAX_FOLLOW_BYTES, maxLengthLength: 4 })) {
    yield frame.subarray()
  }
}

/** Sends a frame, and waits while the other side does not keep up */
export async function sendFrame (stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  if (!stream.send(encode.single(bytes))) {
    await stream.onDrain({ signal })
  }
}
