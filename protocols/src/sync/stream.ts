/** Frames over a libp2p stream: an unsigned varint with the length, then the frame. */
import { concat } from 'uint8arrays/concat'
import { LimitExceededError, MalformedError } from '../errors.ts'
import { MAX_FRAME_BYTES } from '../limits.ts'
import { NotConnectedError } from './errors.ts'
import type { FramePipe } from './session.ts'
import type { Stream } from '@libp2p/interface'

/** Of the varint of the longest frame */
const MAX_LENGTH_BYTES = 3

/** A frame with its length before it */
export function withLength (frame: Uint8Array): Uint8Array {
  const head: number[] = []
  let rest = frame.length

  while (rest > 0x7f) {
    head.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }

  return concat([Uint8Array.of(...head, rest), frame])
}

/** Cuts a stream of bytes into frames */
export class FrameSplitter {
  private buffer = new Uint8Array(0)

  /**
   * @returns the frames that are complete by now
   * @throws {LimitExceededError | MalformedError} if a frame says that it is too long
   */
  push (chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = []
    const bytes = this.buffer.length === 0 ? chunk : concat([this.buffer, chunk])
    let at = 0
    let length = readLength(bytes, at)

    while (length != null && bytes.length >= length.start + length.body) {
      at = length.start + length.body
      frames.push(bytes.subarray(length.start, at))
      length = readLength(bytes, at)
    }

    this.buffer = bytes.slice(at)

    return frames
  }
}

/** Where the next frame begins and how long it is, once that is there */
function readLength (bytes: Uint8Array, at: number): { start: number, body: number } | undefined {
  let body = 0

  for (let i = 0; i < MAX_LENGTH_BYTES && at + i < bytes.length; i++) {
    const byte = bytes[at + i]

    body |= (byte & 0x7f) << (7 * i)

    if ((byte & 0x80) === 0) {
      if (i > 0 && byte === 0) {
        throw new MalformedError('The length of a frame is not in its shortest form')
      }

      if (body > MAX_FRAME_BYTES) {
        throw new LimitExceededError(`A frame of ${body} bytes is longer than ${MAX_FRAME_BYTES}`)
      }

      return { start: at + i + 1, body }
    }
  }

  if (bytes.length - at >= MAX_LENGTH_BYTES) {
    throw new LimitExceededError(`A frame is longer than ${MAX_FRAME_BYTES} bytes`)
  }

  return undefined
}

/** Sends frames; what is received goes to `attach` */
export function streamPipe (stream: Stream): FramePipe {
  return {
    async send (frame) {
      if (!stream.send(withLength(frame))) {
        await drained(stream)
      }
    },
    close (error) {
      if (error == null) {
        stream.close().catch(err => { stream.abort(err) })
      } else {
        stream.abort(error)
      }
    }
  }
}

/** `onDrain` of libp2p resolves at once from its second use on, so the events are awaited here */
async function drained (stream: Stream): Promise<void> {
  while (stream.writableNeedsDrain) {
    if (stream.status !== 'open') {
      throw new NotConnectedError('The stream was closed')
    }

    await new Promise<void>((resolve, reject) => {
      const onDrain = (): void => {
        stream.removeEventListener('close', onClose)
        resolve()
      }
      const onClose = (): void => {
        stream.removeEventListener('drain', onDrain)
        reject(new NotConnectedError('The stream was closed'))
      }

      stream.addEventListener('drain', onDrain, { once: true })
      stream.addEventListener('close', onClose, { once: true })
    })
  }
}

export interface FrameListener {
  onFrame (frame: Uint8Array): void
  /** What came was no frame */
  onBad (error: Error): void
  /** No more will come */
  onEnd (): void
}

/** Hands over frames until the stream ends */
export function attach (stream: Stream, listener: FrameListener): void {
  const splitter = new FrameSplitter()

  stream.addEventListener('message', ({ data }) => {
    try {
      splitter.push(data instanceof Uint8Array ? data : data.subarray()).forEach(frame => { listener.onFrame(frame) })
    } catch (err) {
      listener.onBad(err instanceof Error ? err : new MalformedError('Not a frame', { cause: err }))
    }
  })
  stream.addEventListener('remoteCloseWrite', () => { listener.onEnd() })
  stream.addEventListener('close', () => { listener.onEnd() })

  if (stream.status !== 'open') {
    listener.onEnd()
  }
}
