import { expect } from 'aegir/chai'
import { systemClock } from '../../src/interface.ts'
import { createLog } from '../../src/log/index.ts'
import { MAX_INBOX_BYTES } from '../../src/sync/constants.ts'
import { encodeFrame } from '../../src/sync/frames.ts'
import { Session } from '../../src/sync/session.ts'
import { person } from '../../src/testing/simulator-people.ts'
import { crashableStore } from '../../src/testing/simulator-store.ts'

describe('a session of sync', () => {
  function session (closed: Array<Error | undefined>): Session {
    return new Session({
      log: createLog({ store: crashableStore(), clock: systemClock }),
      clock: systemClock,
      pipe: { send: async () => {}, close: error => { closed.push(error) } },
      admits: () => true,
      notify: () => {},
      onReceipt: () => {}
    })
  }

  it(`[SY36] lets ${MAX_INBOX_BYTES} bytes of frames wait, and ends with one frame more`, async () => {
    const { space } = await person('anna')
    const frame = encodeFrame({ type: 'fork', space, proof: new Uint8Array(60_000) })
    const closed: Array<Error | undefined> = []
    const made = session(closed)

    for (let bytes = frame.length; bytes <= MAX_INBOX_BYTES; bytes += frame.length) {
      made.receive(frame)
    }

    expect(closed).to.deep.equal([])
    made.receive(frame)
    expect(closed.map(error => error?.name)).to.deep.equal(['SyncFloodError'])
  })

  it('[SY12] ends once, with what was wrong', async () => {
    const closed: Array<Error | undefined> = []
    const made = session(closed)

    made.receive(Uint8Array.of(0xff))
    made.receive(Uint8Array.of(0xff))
    made.end()
    await made.settled()
    expect(closed.map(error => error?.name)).to.deep.equal(['MalformedError'])
  })

  it('[SY11] passes over frames of a later version', async () => {
    const closed: Array<Error | undefined> = []
    const made = session(closed)

    made.receive(Uint8Array.of(0x82, 0x18, 0x63, 0x01))
    await made.settled()
    expect(closed).to.deep.equal([])
  })
})
