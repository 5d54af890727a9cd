import { multiaddr } from '@multiformats/multiaddr'
import { createLoopbackNode } from '../node.ts'
import { benchProgram } from '../programs.ts'
import { ECHO_PROTOCOL } from './protocol.ts'
import type { BenchContext } from '../bench.ts'
import type { Stream, StreamMessageEvent } from '@libp2p/interface'

/** Echoes before the first that counts */
const WARM_UP = 200
const ECHOES = 1_000
const ECHO_BYTES = 300

/** Resolves when all that was sent has come back */
async function echoed (stream: Stream): Promise<void> {
  let missing = ECHO_BYTES

  await new Promise<void>(resolve => {
    const onMessage = ({ data }: StreamMessageEvent): void => {
      missing -= data.byteLength

      if (missing === 0) {
        stream.removeEventListener('message', onMessage)
        resolve()
      }
    }

    stream.addEventListener('message', onMessage)
  })
}

/**
 * What the machine and libp2p take for the smallest exchange: 300 bytes to another process and back, one after the other, over one stream
 * of a direct connection (TCP on loopback, Noise, Yamux).
 *
 * @returns milliseconds of each
 */
export async function measureEcho ({ start }: Pick<BenchContext, 'start'>): Promise<number[]> {
  const program = start({ name: 'echo', script: benchProgram('echo/main') })
  const node = await createLoopbackNode({})

  try {
    const { addresses } = await program.event<{ addresses: string[] }>(({ addresses }) => addresses != null)
    const stream = await node.dialProtocol(addresses.map(address => multiaddr(address)), ECHO_PROTOCOL)
    const times: number[] = []

    for (let i = 0; i < WARM_UP + ECHOES; i++) {
      const begin = performance.now()
      const returned = echoed(stream)

      stream.send(new Uint8Array(ECHO_BYTES))
      await returned

      if (i >= WARM_UP) {
        times.push(performance.now() - begin)
      }
    }

    await stream.close()

    return times
  } finally {
    await node.stop()
    await program.stop()
  }
}
