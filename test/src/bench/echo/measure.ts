import { multiaddr } from '@multiformats/multiaddr'
import { createLoopbackNode } from '../node.ts'
import { benchProgram } from '../programs.ts'
import { ECHO_PROTOCOL } from './protocol.ts'
import type { BenchContext } from '../bench.ts'

/** Echoes before the first that counts */
const WARM_UP = 200
const ECHOES = 1_000
const ECHO_BYTES = 300

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
    let missing = 0
    let back = (): void => {}

    stream.addEventListener('message', ({ data }) => {
      missing -= data.byteLength

      if (missing === 0) {
        back()
      }
    })

    for (let i = 0; i < WARM_UP + ECHOES; i++) {
      const returned = new Promise<void>(resolve => { back = resolve })
      const begin = performance.now()

      missing = ECHO_BYTES
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
