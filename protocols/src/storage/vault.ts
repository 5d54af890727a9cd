/** A sealed store together with what opens it: a key of the device, or only a passphrase. Rules: specs/storage.md [ST100] to [ST106] */
import { NoSuchSlotError, NotProtectedError, PassphraseTooShortError, StoreDamagedError, WrongPassphraseError } from './errors.ts'
import { hasKeyHeader } from './sealed/key-header.ts'
import { createKeySlots, openKeySlots } from './sealed/key-slots.ts'
import { openSealedStore } from './sealed/sealed-store.ts'
import type { KdfCost } from './passphrase.ts'
import type { SlotChanges } from './sealed/change-slots.ts'
import type { KeySlotsInit } from './sealed/key-slots.ts'
import type { SealedStore } from './sealed/sealed-store.ts'
import type { SlotKind, SlotSecret } from './sealed/slot.ts'
import type { StoreKeys } from './sealed/store-keys.ts'

export { bringUpToDate } from './old-layout.ts'
export type { OldLayout } from './old-layout.ts'

/** Shortest passphrase that locks a vault, in characters */
export const MIN_LOCK_PASSPHRASE_CHARACTERS = 8

/** Stands below while a repair of the store below has not been dealt with */
const REPAIRED_NAME = Uint8Array.of(3)

/** Where a device keeps the key that opens its vault without a question */
export interface DeviceKey {
  get (): Promise<CryptoKey | undefined>
  /** A new one takes the place of any that was. Resolves once a power cut cannot undo it */
  make (): Promise<CryptoKey>
  remove (): Promise<void>
}

export interface VaultInit extends KeySlotsInit {
  device: DeviceKey
  /** The store below had to be repaired; salvage comes before anything is read. @default false */
  repaired?: boolean
  /** What argon2id costs where slots are made. @default DEFAULT_KDF_COST */
  cost?: KdfCost
}

export interface PassphraseChange {
  /** Needed when there is one */
  current?: string
  /** null: from now on the device opens the vault by itself */
  next: string | null
}

export interface Vault {
  /** Undefined while it is locked */
  readonly store: SealedStore | undefined
  /** Nothing but a secret of a person opens it */
  readonly isProtected: boolean
  /** It was damaged or repaired, so something may be missing or old, and nobody has said yet that this was dealt with */
  readonly repaired: boolean

  /** Opens it. Nothing happens if it is open. @throws whatever `openKeySlots` throws */
  unlock (secret: SlotSecret): Promise<SealedStore>
  /** @throws {NotProtectedError} if anybody could open it again once it was locked */
  checkProtected (): void
  /** Nobody uses the store any more. @throws {NotProtectedError} */
  lock (): Promise<void>
  /** Works while it is locked, too. @throws {PassphraseTooShortError}, and whatever `changeKeySlots` throws */
  setPassphrase (change: PassphraseChange): Promise<void>
  /** A passphrase that opens an empty store and makes an end of this one. @throws {NotProtectedError | PassphraseTooShortError} */
  setDuress (init: { current: string, duress: string }): Promise<void>
  /** Something that its records came from was repaired */
  noteRepair (): Promise<void>
  /** The repair was dealt with */
  forgetRepair (): Promise<void>
  /** Takes a moment: from then on nothing opens what is below, and the vault is of no more use */
  eraseKeys (): Promise<void>
  /** The store below stays open */
  close (): Promise<void>
}

function checkLength (passphrase: string): void {
  if ([...passphrase.normalize('NFKC')].length < MIN_LOCK_PASSPHRASE_CHARACTERS) {
    throw new PassphraseTooShortError(`Please use ${MIN_LOCK_PASSPHRASE_CHARACTERS} characters or more`)
  }
}

function orUndefined (err: unknown): undefined {
  if (!(err instanceof StoreDamagedError)) {
    throw err
  }
}

class SlotVault implements Vault {
  store: SealedStore | undefined
  isProtected = true
  repaired: boolean
  readonly #init: VaultInit
  #last: Promise<unknown> = Promise.resolve()

  constructor (init: VaultInit, repaired: boolean) {
    this.#init = init
    this.repaired = repaired
  }

  /** By itself, if that is how it opens */
  async begin (): Promise<void> {
    const { device, store, cost } = this.#init

    if (!await hasKeyHeader(store)) {
      const secret: SlotSecret = { kind: 'device', key: await device.get() ?? await device.make() }

      await this.#open(await createKeySlots({ ...this.#init, secret, ...(cost == null ? {} : { cost }) }), ['device'])
      return
    }

    const key = await device.get()

    if (key != null) {
      await this.#unlock({ kind: 'device', key }).catch(err => {
        // left over from before there was a passphrase
        if (!(err instanceof NoSuchSlotError)) {
          throw err
        }
      })
    }
  }

  async unlock (secret: SlotSecret): Promise<SealedStore> {
    return this.#inTurn(async () => this.store ?? this.#unlock(secret))
  }

  checkProtected (): void {
    if (!this.isProtected) {
      throw new NotProtectedError('There is no passphrase yet: set one first')
    }
  }

  async lock (): Promise<void> {
    return this.#inTurn(async () => {
      this.checkProtected()
      await this.#drop()
    })
  }

  async setPassphrase ({ current, next }: PassphraseChange): Promise<void> {
    return this.#inTurn(async () => {
      const { device } = this.#init

      if (next != null) {
        checkLength(next)
        await this.#change(current, { add: { kind: 'passphrase', passphrase: next }, remove: ['passphrase', 'device'] })
        this.isProtected = true
        await device.remove()
      } else if (this.isProtected) {
        await this.#change(current, { add: { kind: 'device', key: await device.make() }, remove: ['passphrase', 'passkey', 'duress'] })
        this.isProtected = false
      }
    })
  }

  async setDuress ({ current, duress }: { current: string, duress: string }): Promise<void> {
    return this.#inTurn(async () => {
      this.checkProtected()
      checkLength(duress)
      await this.#change(current, { addDuress: { passphrase: duress }, remove: ['duress'] })
    })
  }

  async noteRepair (): Promise<void> {
    await this.#init.store.put(REPAIRED_NAME, new Uint8Array(), { durability: 'strict' })
    this.repaired = true
  }

  async forgetRepair (): Promise<void> {
    if (this.repaired) {
      await this.#init.store.delete(REPAIRED_NAME, { durability: 'strict' })
      this.repaired = false
    }
  }

  async eraseKeys (): Promise<void> {
    const erasing = import('./sealed/erase.ts')

    return this.#inTurn(async () => {
      const { eraseKeySlots } = await erasing

      // nothing may write the header once more, and no key may be left in memory
      await Promise.all([this.#drop(), this.#init.device.remove(), eraseKeySlots(this.#init)])
    })
  }

  async close (): Promise<void> {
    return this.#inTurn(async () => this.#drop())
  }

  async #change (current: string | undefined, changes: SlotChanges): Promise<void> {
    // only who changes something loads it
    const { changeKeySlots } = await import('./sealed/change-slots.ts')

    await changeKeySlots({ ...this.#init, secret: await this.#secret(current), changes })
  }

  async #secret (current: string | undefined): Promise<SlotSecret> {
    if (this.isProtected) {
      if (current == null || current === '') {
        throw new WrongPassphraseError('The passphrase that is set now is needed for this')
      }

      return { kind: 'passphrase', passphrase: current }
    }

    const key = await this.#init.device.get()

    if (key == null) {
      throw new NoSuchSlotError('The key of this device is gone')
    }

    return { kind: 'device', key }
  }

  async #unlock (secret: SlotSecret): Promise<SealedStore> {
    const { keys, kinds } = await openKeySlots({ ...this.#init, secret })

    return this.#open(keys, kinds)
  }

  async #open (keys: StoreKeys, kinds: SlotKind[]): Promise<SealedStore> {
    const { store } = this.#init
    const init = {
      ...this.#init,
      keys,
      // whoever meets the damage gets an error; whoever opens it next is to find it mended
      onDamage: () => { store.put(REPAIRED_NAME, new Uint8Array(), { durability: 'strict' }).catch(() => {}) }
    }

    this.store = this.repaired ? undefined : await openSealedStore(init).catch(orUndefined)

    if (this.store == null) {
      const { salvageSealedStore } = await import('./sealed/salvage.ts')

      await this.noteRepair()
      await salvageSealedStore(init)
      this.store = await openSealedStore(init)
    }

    this.isProtected = !kinds.includes('device')

    return this.store
  }

  async #drop (): Promise<void> {
    const { store } = this

    this.store = undefined
    await store?.close()
  }

  async #inTurn<T> (work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)

    this.#last = turn.catch(() => {})

    return turn
  }
}

/**
 * Opens what is there, or begins it; afterwards it is open or locked.
 *
 * @throws {StoreDamagedError | SchemaNewerError}
 */
export async function openVault (init: VaultInit): Promise<Vault> {
  const vault = new SlotVault(init, await init.store.get(REPAIRED_NAME) != null)

  if (init.repaired === true) {
    await vault.noteRepair()
  }

  await vault.begin()

  return vault
}
