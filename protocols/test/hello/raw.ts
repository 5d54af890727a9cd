/** The other end of a handshake, made by hand: what a stranger's own program could do. */
import { decode, encode } from 'it-length-prefixed'
import { HELLO_PROTOCOL } from '../../src/hello/index.ts'
import { decodeMessage, encodeMessage } from '../../src/hello/messages.ts'
import type { HelloMessage } from '../../src/hello/messages.ts'
import type { Libp2p, PeerId, Stream } from '@libp2p/interface'

export interface RawHello {
  stream: Stream
  /** Every byte that came, frame by frame */
  received: Uint8Array[]
  send (message: HelloMessage | Uint8Array): void
  /** The next message; undefined once the stream is over, for whatever reason */
  next (): Promise<HelloMessage | undefined>
}

export function rawHello (stream: Stream): RawHello {
  const frames = decode(stream)[Symbol.asyncIterator]()
  const received: Uint8Array[] = []

  return {
    stream,
    received,
    send: message => { stream.send(encode.single(message instanceof Uint8Array ? message : encodeMessage(message))) },
    async next () {
      try {
        const frame = await frames.next()

        if (frame.done === true) {
          return undefined
        }

        received.push(frame.value.subarray())

        return decodeMessage(frame.value.subarray())
      } catch {
        return undefined
      }
    }
  }
}

export async function openRaw (from: Libp2p, to: PeerId): Promise<RawHello> {
  return rawHello(await from.dialProtocol(to, HELLO_PROTOCOL, { runOnLimitedConnection: true }))
}
