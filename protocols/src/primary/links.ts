/** Streams to and from own devices. Rules: specs/primary.md [PR30] to [PR35]. */
import { decode, encode } from 'it-length-prefixed'
import { MalformedError, UnknownVersionError } from '../errors.ts'
import { deviceStatus } from '../identity/index.ts'
import { decodeBeat, verifyBeat } from './beat.ts'
import { MAX_BEAT_BYTES, MAX_BEATS_PER_MINUTE, MAX_UNREAD_BYTES, OPEN_TIMEOUT_MS, PRIMARY_PROTOCOL } from './constants.ts'
import { NotOwnDeviceError, TooManyBeatsError } from './errors.ts'
import type { Beat } from './beat.ts'
import type { PrimaryComponents } from './index.ts'
import type { IdentityRecord } from '../identity/index.ts'
import type { DeviceId } from '../ids.ts'
import type { Connection, Logger, PeerId, Stream } from '@libp2p/interface'

const MINUTE_MS = 60_000

/** Who this device is; absent while it belongs to nobody */
export interface OwnDevice {
  device: DeviceId
  record: IdentityRecord
}

export interface LinksInit {
  components: PrimaryComponents
  own (): OwnDevice | undefined
  now (): number
  linked (device: DeviceId): void
  unlinked (device: DeviceId): void
  /** A beat of an own identity that its device signed came from the device `via` */
  heard (via: DeviceId, beat: Beat, bytes: Uint8Array): void
}

/** Where beats for a device go */
interface Outlet {
  peer: PeerId
  stream?: Stream
  opening: boolean
}

export class Links {
  readonly #init: LinksInit
  readonly #log: Logger
  readonly #outlets = new Map<DeviceId, Outlet>()
  readonly #inlets = new Map<Stream, DeviceId>()
  /** Beats that each device sent in this minute */
  readonly #received = new Map<DeviceId, { since: number, count: number }>()
  /** Aborted by `close` */
  readonly #running = new AbortController()

  constructor (init: LinksInit) {
    this.#init = init
    this.#log = init.components.logger.forComponent('pergola:primary')
  }

  /** Takes up whoever proved to be an own device, and drops whoever is none any more */
  scan (): void {
    for (const [device, { stream }] of this.#outlets) {
      if (!this.#isOwn(device)) {
        this.#outlets.delete(device)
        this.#received.delete(device)
        stream?.abort(new NotOwnDeviceError('This device was closed'))
        this.#init.unlinked(device)
      }
    }

    for (const [stream, device] of this.#inlets) {
      if (!this.#isOwn(device)) {
        stream.abort(new NotOwnDeviceError('This device was closed'))
      }
    }

    this.#init.components.connectionManager.getConnections().forEach(({ remotePeer }) => { this.add(remotePeer) })
  }

  /** Takes up a peer, if hello proved it to be an own device */
  add (peer: PeerId): void {
    const device = this.#deviceOf(peer)

    if (device == null || this.#outlets.get(device)?.peer.equals(peer) === true) {
      return
    }

    this.#outlets.get(device)?.stream?.abort(new NotOwnDeviceError('This device is somewhere else now'))
    this.#outlets.set(device, { peer, opening: false })
    this.#init.linked(device)
  }

  /** The last connection to a peer closed */
  remove (peer: PeerId): void {
    for (const [device, outlet] of this.#outlets) {
      if (outlet.peer.equals(peer)) {
        this.#outlets.delete(device)
        this.#init.unlinked(device)
      }
    }
  }

  peerOf (device: DeviceId): PeerId | undefined {
    return this.#outlets.get(device)?.peer
  }

  /** Sends to these devices, or to all; a stream that is not there is opened for it */
  send (bytes: Uint8Array, to: DeviceId[] = [...this.#outlets.keys()]): void {
    for (const device of to) {
      const outlet = this.#outlets.get(device)

      if (outlet?.stream?.status === 'open') {
        write(outlet.stream, bytes)
      } else if (outlet != null && !outlet.opening) {
        void this.#open(outlet, bytes)
      }
    }
  }

  /** Hands over what was sent and ends the streams; resolves when the other sides have it or the signal fires */
  async close (signal: AbortSignal): Promise<void> {
    this.#running.abort(new NotOwnDeviceError('This device stops'))

    const streams = [...this.#outlets.values()].flatMap(({ stream }) => stream ?? [])

    this.#outlets.clear()
    await Promise.all(streams.map(async stream => stream.close({ signal }).catch(err => { stream.abort(err) })))
    this.#inlets.forEach((_, stream) => { stream.abort(new NotOwnDeviceError('This device stops')) })
  }

  readonly onStream = async (stream: Stream, connection: Connection): Promise<void> => {
    const device = this.#deviceOf(connection.remotePeer)

    if (device == null || this.#running.signal.aborted) {
      stream.abort(new NotOwnDeviceError('Only own devices are listened to'))

      return
    }

    this.#inlets.set(stream, device)

    try {
      await this.#read(stream, device)
      await stream.close({ signal: AbortSignal.timeout(OPEN_TIMEOUT_MS) })
    } catch (err) {
      this.#log('stream of %p: %s', connection.remotePeer, (err as Error).name)
      stream.abort(err as Error)
    } finally {
      this.#inlets.delete(stream)
    }
  }

  #isOwn (device: DeviceId): boolean {
    const own = this.#init.own()

    return own != null && device !== own.device && deviceStatus(own.record, device).status === 'open'
  }

  #deviceOf (peer: PeerId): DeviceId | undefined {
    const known = this.#init.components.hello.known(peer)
    const isOwn = known?.identity != null && known.identity === this.#init.own()?.record.identity

    return isOwn && known.device != null && this.#isOwn(known.device) ? known.device : undefined
  }

  async #open (outlet: Outlet, bytes: Uint8Array): Promise<void> {
    const signal = AbortSignal.any([this.#running.signal, AbortSignal.timeout(OPEN_TIMEOUT_MS)])

    outlet.opening = true

    try {
      const stream = await this.#connectionTo(outlet.peer).newStream(PRIMARY_PROTOCOL, { signal, runOnLimitedConnection: true })

      if (signal.aborted || ![...this.#outlets.values()].includes(outlet)) {
        stream.abort(new NotOwnDeviceError('Nobody needs this stream any more'))

        return
      }

      outlet.stream = stream
      write(stream, bytes)
    } catch (err) {
      this.#log('no stream to %p: %s', outlet.peer, (err as Error).name)
    } finally {
      outlet.opening = false
    }
  }

  /** One that is there: `openStream` of libp2p would dial where there are only relayed ones, which fails from the side that was dialled */
  #connectionTo (peer: PeerId): Connection {
    const open = this.#init.components.connectionManager.getConnections(peer).filter(({ status }) => status === 'open')
    const connection = open.find(({ limits }) => limits == null) ?? open[0]

    if (connection == null) {
      throw new NotOwnDeviceError('This device is not connected any more')
    }

    return connection
  }

  async #read (stream: Stream, via: DeviceId): Promise<void> {
    const unread = boundUnread(stream)

    try {
      for await (const frame of decode(stream, { maxDataLength: MAX_BEAT_BYTES, maxLengthLength: 2 })) {
        unread.read(frame.byteLength)
        await this.#take(via, frame.subarray())
      }
    } finally {
      unread.end()
    }
  }

  async #take (via: DeviceId, bytes: Uint8Array): Promise<void> {
    this.#count(via)

    try {
      const signed = decodeBeat(bytes)

      if (signed.beat.identity !== this.#init.own()?.record.identity) {
        throw new MalformedError('A beat of somebody else')
      }

      await verifyBeat(signed)
      this.#init.heard(via, signed.beat, bytes)
    } catch (err) {
      if (!(err instanceof UnknownVersionError)) {
        throw err
      }
    }
  }

  #count (device: DeviceId): void {
    const now = this.#init.now()
    const before = this.#received.get(device)
    const current = before == null || now - before.since >= MINUTE_MS ? { since: now, count: 0 } : before

    this.#received.set(device, current)

    if (++current.count > MAX_BEATS_PER_MINUTE) {
      throw new TooManyBeatsError(`More than ${MAX_BEATS_PER_MINUTE} beats in a minute`)
    }
  }
}

/** A beat that has to wait is news no longer when its turn comes: the next one says it all again */
function write (stream: Stream, bytes: Uint8Array): void {
  if (!stream.writableNeedsDrain) {
    stream.send(encode.single(bytes))
  }
}

/** Iterating over a stream queues without bound what is not read yet */
function boundUnread (stream: Stream): { read (frameBytes: number): void, end (): void } {
  let unread = 0

  const count = ({ data }: { data: { byteLength: number } }): void => {
    unread += data.byteLength

    if (unread > MAX_UNREAD_BYTES) {
      stream.abort(new TooManyBeatsError(`More than ${MAX_UNREAD_BYTES} bytes that could not be read in time`))
    }
  }

  stream.maxReadBufferLength = MAX_UNREAD_BYTES
  stream.addEventListener('message', count)

  return {
    // the length before a frame takes one byte up to 127, two up to the longest
    read: frameBytes => { unread -= frameBytes + (frameBytes < 128 ? 1 : 2) },
    end: () => { stream.removeEventListener('message', count) }
  }
}
