/** Media of one's own wall: kept here, and asked to be kept at one's relays and home node, until each has said that it is. */
import type { Account } from './account.ts'
import type { Deliveries } from './deliveries.ts'
import type { Holder } from './holders.ts'
import type { Keeper } from './keeper.ts'
import type { Walls } from './walls.ts'
import type { DeviceRole } from '../identity/index.ts'
import type { Media, Pins } from '../media/index.ts'
import type { MediaRef } from '../wall/index.ts'

/** Blocks of a file weigh a little more than the file */
const DAG_MARGIN = 64 * 1024
const MAX_PIN_ROOTS = 256
const PIN_TIMEOUT_MS = 10 * 60_000
const AGAIN_MS = 15_000

export interface PinnerInit {
  role: DeviceRole
  account: Account
  walls: Walls
  media: Media
  deliveries: Deliveries
  keeper: Keeper
  /** The protocol by which holders are asked; loaded when it is needed */
  pins (): Promise<Pick<Pins, 'request'>>
  /** Relays and home nodes that are connected and may be asked */
  holders (): Holder[]
}

export interface Pinner {
  /** Looks what is missing anywhere, and works until nothing can be done any more; may be called at any time */
  run (): void
  stop (): void
}

export function createPinner (init: PinnerInit): Pinner {
  const { role, account, walls, media, deliveries, keeper } = init
  let abort = new AbortController()
  /** Holders that are being asked; true: there was something new meanwhile */
  const asking = new Map<string, boolean>()
  let keeping = false
  let again = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function wanted (): Promise<MediaRef[]> {
    const me = account.me()

    return me == null ? [] : (await walls.open(me.space)).media()
  }

  /** Every device keeps what it made; a home node fetches what others of one's devices made */
  async function keepHere (): Promise<void> {
    const me = account.me()

    if (me == null) {
      return
    }

    for (const { cid, size } of await wanted()) {
      if (abort.signal.aborted) {
        return
      }

      if (!await media.isPinned(cid) && (role === 'home' || await media.has(cid))) {
        await media.pin(cid, {
          providers: keeper.providers(me.space),
          maxBytes: size + DAG_MARGIN,
          signal: AbortSignal.any([abort.signal, AbortSignal.timeout(PIN_TIMEOUT_MS)])
        }).catch(() => { later() })
      }
    }
  }

  function later (): void {
    if (timer == null && !abort.signal.aborted) {
      timer = setTimeout(() => {
        timer = undefined
        run()
      }, AGAIN_MS)
    }
  }

  async function ask (holder: Holder): Promise<void> {
    const name = holder.peer.toString()

    if (asking.has(name)) {
      asking.set(name, true)
      return
    }

    try {
      do {
        asking.set(name, false)
        await askFor(holder)
      } while (asking.get(name) === true && !abort.signal.aborted)
    } catch {
      later()
    } finally {
      asking.delete(name)
    }
  }

  async function askFor ({ peer, by }: Holder): Promise<void> {
    const me = account.me()

    if (me == null) {
      return
    }

    const missing = (await wanted()).filter(({ cid }) => !deliveries.hasPin(by, cid))

    // a long list is asked for in parts
    for (let start = 0; start < missing.length; start += MAX_PIN_ROOTS) {
      const roots = missing.slice(start, start + MAX_PIN_ROOTS).map(({ cid, size }) => ({ cid, size }))

      for await (const answer of (await init.pins()).request(peer, me.space, roots, { signal: abort.signal })) {
        if (answer.type === 'receipt') {
          await deliveries.takePin(answer.receipt.by, answer.receipt.root)
        } else if (answer.type === 'failure') {
          later()
        }
      }
    }
  }

  function run (): void {
    if (abort.signal.aborted) {
      abort = new AbortController()
    }

    init.holders().forEach(holder => { void ask(holder) })

    if (keeping) {
      again = true
      return
    }

    keeping = true
    void keepHere().finally(() => {
      keeping = false

      if (again) {
        again = false
        run()
      }
    })
  }

  return {
    run,
    stop () {
      abort.abort()
      clearTimeout(timer)
      timer = undefined
    }
  }
}
