/** Makes entries of the own space. One call at a time. Rules: specs/own.md [OW10] to [OW13], [OW25], [OW30] to [OW33]. */
import { sameBytes } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { deviceStatus } from '../identity/index.ts'
import { deviceId, toHex } from '../ids.ts'
import { NotAWriterError } from '../log/index.ts'
import { createEpochKey, MAX_EPOCH_NUMBER, openEpoch, sealBundle, sealPayload } from '../space/index.ts'
import { MAX_AFTER } from '../wall/index.ts'
import { MAX_PAST_KEYS } from './constants.ts'
import { countsIn } from './cuts.ts'
import { encodeOwnPayload } from './payload.ts'
import type { OwnInit } from './index.ts'
import type { OwnPayload, Place } from './payload.ts'
import type { IdentityRecord } from '../identity/index.ts'
import type { DeviceId, SpaceId } from '../ids.ts'
import type { Reader } from './reader.ts'
import type { Seal } from '../log/index.ts'
import type { Epoch, EpochChoice, Epochs } from '../space/index.ts'

export interface WriterInit {
  init: OwnInit
  space: SpaceId
  epochs: Epochs
  reader: Reader
}

export class Writer {
  readonly #init: OwnInit
  readonly #space: SpaceId
  readonly #epochs: Epochs
  readonly #reader: Reader

  constructor ({ init, space, epochs, reader }: WriterInit) {
    this.#init = init
    this.#space = space
    this.#epochs = epochs
    this.#reader = reader
  }

  async set (name: string, value: Uint8Array | null): Promise<void> {
    const { registers } = this.#reader.reading
    const after = registers.current(name)
    const standing = registers.get(name)?.value ?? null
    const isSame = value == null || standing == null ? value === standing : sameBytes(value, standing)

    if (isSame && after.length < 2) {
      return
    }

    if (value != null) {
      registers.checkRoom(name)
    }

    await this.#appendSealed({ kind: 'set', name, value, after })
  }

  async settle (): Promise<void> {
    await this.#epoch()

    const fit = this.#epochs.fit(await this.#choice()).map(({ id }) => toHex(id))
    const untold = this.#epochs.known().filter(({ id }) => !fit.includes(toHex(id)) && !fit.some(under => this.#reader.reading.wasTold(under, toHex(id))))

    for (let at = 0; at < untold.length; at += MAX_PAST_KEYS) {
      await this.#appendSealed({ kind: 'past', keys: untold.slice(at, at + MAX_PAST_KEYS).map(({ key }) => key) })
    }

    await this.#repeatCuts(new Set())
  }

  async cut (devices: DeviceId[]): Promise<void> {
    if (devices.includes(deviceId(this.#init.signer.publicKey))) {
      throw new MalformedError('A device cannot say what counts of itself: close it from another one')
    }

    for (const device of devices) {
      const record = await this.#record()
      const { cuts } = this.#reader.reading
      const [standing] = cuts.of(device, author => isOpen(record, author))

      if (standing == null || deviceStatus(record, device).status !== 'closed') {
        await this.#appendCut(device, await this.#last(device))
      }
    }

    await this.#repeatCuts(new Set(devices))
  }

  /** What only those say who are closed, or are about to be, somebody else has to say */
  async #repeatCuts (leaving: Set<DeviceId>): Promise<void> {
    const record = await this.#record()

    for (const { device } of record.closed) {
      const { cuts } = this.#reader.reading
      const [standing] = cuts.of(device, author => isOpen(record, author) && !leaving.has(author))
      const [known] = cuts.of(device, () => true)

      if (standing == null && known != null) {
        await this.#appendCut(device, known.last)
      }
    }
  }

  async #appendCut (device: DeviceId, last: Place | null): Promise<void> {
    const after = this.#reader.reading.cuts.of(device, () => true).slice(0, MAX_AFTER).map(({ id }) => id)

    await this.#appendSealed({ kind: 'cut', device, last, after })
  }

  /** The highest entry of a device that is held */
  async #last (device: DeviceId): Promise<Place | null> {
    return (await this.#init.log.chain({ space: this.#space, identity: this.#init.identity, device }))?.head ?? null
  }

  async #appendSealed (payload: OwnPayload): Promise<void> {
    const bytes = encodeOwnPayload(payload)
    const epoch = await this.#epoch()

    await this.#append(epoch.id, async header => sealPayload(epoch, header, bytes, this.#init.random))
  }

  /** The epoch to write under, made now if there is none */
  async #epoch (): Promise<Epoch> {
    const choice = await this.#choice()
    const current = this.#epochs.current(choice)

    if (current != null) {
      return current
    }

    const { random } = this.#init
    const key = createEpochKey(random)
    const number = Math.min(this.#epochs.highest(choice.counts) + 1, MAX_EPOCH_NUMBER)
    const blocks = await sealBundle({ space: this.#space, key, number, recipients: choice.recipients, random })

    await this.#epochs.learn(key)

    for (const block of blocks) {
      await this.#append(undefined, block)
    }

    return openEpoch(key)
  }

  async #choice (): Promise<EpochChoice> {
    const record = await this.#record()
    const { extents } = this.#reader.reading

    return {
      recipients: [...record.devices.map(({ x25519 }) => x25519), record.recovery],
      counts: (device, seq) => isOpen(record, device) && countsIn(extents, device, seq)
    }
  }

  async #record (): Promise<IdentityRecord> {
    const known = await this.#init.log.record(this.#init.identity)

    if (known == null) {
      throw new NotAWriterError('The record that lists this device is not known yet')
    }

    return known.record
  }

  async #append (...[epoch, payload]: [undefined, Uint8Array] | [Uint8Array, Seal]): Promise<void> {
    const { clock, identity, log, signer } = this.#init

    await this.#init.knowsOwn?.()

    const { seq } = await this.#record()
    const place = { space: this.#space, identity, rec: seq, time: clock.now() }

    await (epoch == null ? log.append(signer, { ...place, payload }) : log.append(signer, { ...place, epoch, payload }))
    await this.#reader.catchUp()
  }
}

function isOpen (record: IdentityRecord, device: DeviceId): boolean {
  return deviceStatus(record, device).status === 'open'
}
