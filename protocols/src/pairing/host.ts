/** The listing device's side: it holds the root, shows the link, and asks its person about the code. Rules: specs/pairing.md. */
import { lpStream } from '@libp2p/utils'
import { MalformedError } from '../errors.ts'
import { codeOf, isCommitmentTo } from './code.ts'
import {
  CONFIRMATION_TIMEOUT_MS, DEFAULT_PAIRING_LIFETIME_MS, MAX_PAIRING_FAILURES, MAX_PAIRING_FRAME_BYTES, PAIRING_NONCE_BYTES, PAIRING_SECRET_BYTES, PAIRING_TIMEOUT_MS
} from './constants.ts'
import { PairingDeclinedError, PairingForgedError, PairingRefusedError } from './errors.ts'
import { agreement, greeting, offer, open, seal, welcome } from './messages.ts'
import type { OpenPairing, PairingHost, PairingInit } from './index.ts'
import type { Agreement, Transcript } from './messages.ts'
import type { Connection, PeerId, Stream } from '@libp2p/interface'

interface CurrentOffer {
  host: PairingHost
  secret: Uint8Array
  expires: number
  failures: number
  /** A person is being asked about a device, or it is being listed */
  busy: boolean
  /** Fires when the offer ends, in whatever way */
  signal: AbortSignal
  settle (error?: Error): void
}

export interface PairingHostSide {
  /** Waits for one new device; an earlier offer ends */
  offer (host: PairingHost): OpenPairing
  admit (stream: Stream, connection: Connection): Promise<void>
  /** Ends the offer that is open */
  stop (): void
}

export function hostSide (init: Required<PairingInit>, self: PeerId): PairingHostSide {
  const { timeout } = init
  let current: CurrentOffer | undefined

  function begin (host: PairingHost): { made: CurrentOffer, done: Promise<void> } {
    const { promise: done, resolve, reject } = Promise.withResolvers<void>()
    const ended = new AbortController()
    const expiry = setTimeout(() => { made.settle(new PairingRefusedError('The link has expired: make a new one')) }, DEFAULT_PAIRING_LIFETIME_MS)
    const made: CurrentOffer = {
      host,
      secret: init.random.bytes(PAIRING_SECRET_BYTES),
      expires: init.clock.now() + DEFAULT_PAIRING_LIFETIME_MS,
      failures: 0,
      busy: false,
      signal: ended.signal,
      settle: error => {
        clearTimeout(expiry)
        current = current === made ? undefined : current

        if (error == null) {
          resolve()
        } else {
          reject(error)
        }

        ended.abort(error)
      }
    }

    // whoever made the offer may never look at its end
    done.catch(() => {})

    return { made, done }
  }

  /** Whether the person says that both screens show the same code */
  async function confirms ({ host, signal }: CurrentOffer, transcript: Transcript, { name, nonce }: Agreement, stream: Stream): Promise<boolean> {
    if (host.confirm == null) {
      return true
    }

    const gone = new AbortController()
    const leave = (): void => { gone.abort(new PairingRefusedError('The other device went away: try again')) }
    const until = AbortSignal.any([timeout(CONFIRMATION_TIMEOUT_MS), gone.signal, signal])
    const { promise: cancelled, reject } = Promise.withResolvers<never>()
    const cancel = (): void => { reject(until.reason) }

    stream.addEventListener('close', leave)
    until.addEventListener('abort', cancel)

    try {
      if (stream.status !== 'open') {
        leave()
      }

      until.throwIfAborted()

      return await Promise.race([host.confirm(codeOf({ ...transcript, nonce }), name, { signal: until }), cancelled])
    } finally {
      stream.removeEventListener('close', leave)
      until.removeEventListener('abort', cancel)
    }
  }

  /** Steps 1 to 3: what the new device says of itself, bound to what it said first */
  async function hear (frames: ReturnType<typeof lpStream>, transcript: Transcript, host: PairingHost, signal: AbortSignal): Promise<Agreement> {
    const next = async (step: number): Promise<Uint8Array> => {
      const body = open(transcript, step, (await frames.read({ signal })).subarray())

      if (body == null) {
        throw new PairingForgedError('The link does not fit')
      }

      return body
    }

    // without the secret nobody gets an answer, so a prober cannot tell an open offer from a closed one
    const { commitment } = greeting.decode(await next(1))
    const record = await host.record()

    await frames.write(seal(transcript, 2, offer.encode({ nonce: init.random.bytes(PAIRING_NONCE_BYTES), record: record.bytes })), { signal })

    const agreed = agreement.decode(await next(3))

    if (!isCommitmentTo(commitment, agreed)) {
      throw new PairingForgedError('The other device is not what it said it was')
    }

    if (agreed.entry.from !== record.record.seq + 1) {
      throw new MalformedError('The other device did not agree to the next record')
    }

    return agreed
  }

  async function serve (asked: CurrentOffer, stream: Stream, connection: Connection): Promise<void> {
    const { host, secret } = asked
    const frames = lpStream(stream, { maxDataLength: MAX_PAIRING_FRAME_BYTES })
    const transcript: Transcript = { secret, listingPeer: self.toString(), newPeer: connection.remotePeer.toString(), said: [] }
    const agreed = await hear(frames, transcript, host, AbortSignal.any([timeout(PAIRING_TIMEOUT_MS), asked.signal]))

    // two devices with the same link may be here at once; the second is no failed attempt, or it could end the link of the first
    if (current !== asked || asked.busy) {
      stream.abort(new PairingRefusedError('The link was used already'))
      return
    }

    asked.busy = true

    try {
      const yes = await confirms(asked, transcript, agreed, stream)

      asked.signal.throwIfAborted()

      const answer = yes ? welcome.encode(await host.admit(agreed, connection.remotePeer)) : welcome.encodeNo()
      const signal = timeout(PAIRING_TIMEOUT_MS)

      asked.settle(yes ? undefined : new PairingDeclinedError('The codes were not the same: make a new link'))
      await frames.write(seal(transcript, 4, answer), { signal })
      await stream.close({ signal })
    } finally {
      asked.busy = false
    }
  }

  return {
    offer (host) {
      current?.settle(new PairingRefusedError('Another link took the place of this one'))

      const { made, done } = begin(host)

      current = made

      return {
        secret: made.secret,
        expires: made.expires,
        done,
        cancel: () => { made.settle(new PairingRefusedError('The link was taken back')) }
      }
    },

    async admit (stream, connection) {
      const asked = current

      if (asked == null || asked.busy || asked.expires <= init.clock.now()) {
        stream.abort(new PairingRefusedError('No link is open'))
        return
      }

      try {
        await serve(asked, stream, connection)
      } catch (err) {
        stream.abort(err instanceof Error ? err : new MalformedError('Pairing failed'))

        if (!asked.signal.aborted && ++asked.failures >= MAX_PAIRING_FAILURES) {
          asked.settle(new PairingForgedError('Too many wrong attempts: make a new link'))
        }
      }
    },

    stop () {
      current?.settle(new PairingRefusedError('The program was closed'))
    }
  }
}
