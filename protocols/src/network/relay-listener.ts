import { multiaddr } from '@multiformats/multiaddr'
import type { ReservationStore } from './circuit.ts'
import type { Listener, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** Addresses of one relay that are announced */
const MAX_ADDRESSES_PER_RELAY = 8

interface ReservationEvent {
  relay: PeerId
  details: { reservation: { addrs: Uint8Array[] } }
}

interface AddressManager {
  confirmObservedAddr (address: Multiaddr, options: { type: 'transport' }): void
  removeObservedAddr (address: Multiaddr): void
}

/** A relay says itself where it is: what names another peer, or cannot be read, is left out */
function readAddresses (relay: PeerId, addrs: Uint8Array[]): Multiaddr[] {
  const addresses: Multiaddr[] = []

  for (const bytes of addrs) {
    try {
      const address = multiaddr(bytes)

      if (address.toString().endsWith(`/p2p/${relay.toString()}`)) {
        addresses.push(address.encapsulate('/p2p-circuit'))
      }
    } catch {
      continue
    }

    if (addresses.length === MAX_ADDRESSES_PER_RELAY) {
      break
    }
  }

  return addresses
}

/**
 * Listens wherever there is a reservation. libp2p's own listener makes a reservation by itself, once: when the relay is down at that
 * moment the node does not start, and when the relay restarts nothing reserves again.
 */
export class RelayListener extends EventTarget {
  readonly #reservations: ReservationStore
  readonly #addressManager: AddressManager
  readonly #addresses = new Map<string, Multiaddr[]>()

  constructor (reservations: ReservationStore, addressManager: AddressManager) {
    super()

    this.#reservations = reservations
    this.#addressManager = addressManager
  }

  /** As the type that libp2p wants: of its event target it uses what every `EventTarget` has */
  asListener (): Listener {
    return this as unknown as Listener
  }

  async listen (): Promise<void> {
    this.#reservations.addEventListener('relay:created-reservation', this.#added)
    this.#reservations.addEventListener('relay:removed', this.#removed)
  }

  getAddrs (): Multiaddr[] {
    return [...this.#addresses.values()].flat()
  }

  updateAnnounceAddrs (): void {}

  async close (): Promise<void> {
    this.#reservations.removeEventListener('relay:created-reservation', this.#added)
    this.#reservations.removeEventListener('relay:removed', this.#removed)
    this.#addresses.clear()
    queueMicrotask(() => { this.dispatchEvent(new Event('close')) })
  }

  readonly #added = (event: Event): void => {
    const { relay, details } = (event as CustomEvent<ReservationEvent>).detail
    const addresses = readAddresses(relay, details.reservation.addrs)

    this.#withdraw(relay, addresses)
    this.#addresses.set(relay.toString(), addresses)
    addresses.forEach(address => { this.#addressManager.confirmObservedAddr(address, { type: 'transport' }) })
    queueMicrotask(() => { this.dispatchEvent(new Event('listening')) })
  }

  readonly #removed = (event: Event): void => {
    const { relay } = (event as CustomEvent<ReservationEvent>).detail

    this.#withdraw(relay, [])
    this.#addresses.delete(relay.toString())
    this.dispatchEvent(new Event('listening'))
  }

  #withdraw (relay: PeerId, except: Multiaddr[]): void {
    for (const address of this.#addresses.get(relay.toString()) ?? []) {
      if (!except.some(kept => kept.equals(address))) {
        this.#addressManager.removeObservedAddr(address)
      }
    }
  }
}
