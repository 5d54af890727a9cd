/** What lives on the network of a peer, from the start to the stop; each part hears of the others by events. */
import { createCallers } from './callers.ts'
import { createKeeper } from './keeper.ts'
import { openNetwork } from './open-network.ts'
import { createPinner } from './pinner.ts'
import type { DeviceBook } from './device-book.ts'
import type { Follows } from './follows.ts'
import type { PeerInit } from './index.ts'
import type { Life, Parts, Running } from './parts.ts'
import type { Sharing } from './sharing.ts'

/** Reads what is stored and opens the network */
export async function openRunning (init: PeerInit, parts: Parts, life: Pick<Life, 'running'>): Promise<Running> {
  const { account, clock, deliveries, holders, log, media, ownSpace, relays, settings, waiting, walls } = parts

  await waiting.load()
  await account.load()
  await deliveries.load()

  if (init.repaired === true && account.me() != null) {
    await settings.unsure.update(() => true)
    await settings.unsureOwn.update(() => true)
  }

  const own = await ownSpace.open()

  if (own != null && await settings.shared.get()) {
    await settings.share(own, ownSpace.mayWrite)
  }

  await relays.load()

  const network = await openNetwork({ ...init, ...parts, relays: relays.list, judges: () => life.running() })
  const callers = createCallers({ account, clock, log, settings, network })
  const keeper = createKeeper({ account, log, walls, settings, network, isTrusted: peer => callers.isTrusted(peer), isOwn: peer => callers.isOwn(peer) || relays.isOwn(peer) })
  const pinner = createPinner({ role: init.role, account, walls, media, deliveries, keeper, pins: async () => media.protocol(), holders: holders.connected })

  return { network, callers, keeper, pinner }
}

/** Who hears of what, until the peer stops */
function connect ({ wake }: PeerInit, devices: Pick<DeviceBook, 'woke'>, { account, deliveries, log, walls }: Parts, { network, callers, keeper, pinner }: Running, life: Life, events: EventTarget): void {
  const { supervisor, sync } = network.services
  const { signal } = life
  const changed = (): void => { events.dispatchEvent(new CustomEvent('connection:changed')) }

  supervisor.addEventListener('state:changed', ({ detail }) => {
    changed()

    if (detail.state === 'connected') {
      pinner.run()
    }
  }, { signal })
  callers.addEventListener('callers:changed', changed, { signal })
  callers.addEventListener('peer:trusted', ({ detail }) => {
    keeper.engage(detail)
    pinner.run()
  }, { signal })
  sync.addEventListener('receipt:received', ({ detail }) => { void deliveries.take(detail.receipt) }, { signal })
  walls.addEventListener('wall:changed', ({ detail }) => {
    if (detail.space === account.me()?.space) {
      pinner.run()
    }
  }, { signal })
  log.addEventListener('record:changed', ({ detail }) => {
    if (detail.record.record.identity === account.me()?.identity) {
      // a store that was closed meanwhile ends this, not the program: it is done at the next start
      account.reassert().catch(() => {})
      life.sessionChanged()
    }
  }, { signal })
  wake?.addEventListener('wake', () => {
    supervisor.reconnect()
    callers.callAll()
    devices.woke()
  }, { signal })
}

/** Begins to keep what is wanted; changes of the connection are dispatched on `events` */
export async function beginRunning (init: PeerInit, parts: Parts, { devices, follows, sharing }: { devices: DeviceBook, follows: Follows, sharing: Sharing }, running: Running, life: Life, events: EventTarget): Promise<void> {
  const { account, holders, media, ownChain, relays, walls, writer } = parts
  const { network, callers, keeper, pinner } = running
  const me = account.me()

  connect(init, devices, parts, running, life, events)

  if (me != null) {
    await ownChain.learn(network.services.sync)
  }

  keeper.start()
  callers.start()

  if (me != null) {
    await holders.refresh()
    await walls.open(me.space)
    keeper.keep(me.space, [])
  }

  await follows.refresh()
  relays.list().forEach(info => { network.services.supervisor.add(info) })
  await sharing.begin(running)
  await devices.begin(running)

  writer.begin()

  if (init.role === 'home') {
    media.begin()
    pinner.run()
  }
}

export async function endRunning ({ media, ownSpace, walls }: Parts, running: Running | undefined): Promise<void> {
  // says goodbye to the others while they can be heard
  await running?.network.services.late.stop()
  running?.pinner.stop()
  running?.callers.stop()
  running?.keeper.stop()
  walls.stop()
  await ownSpace.stop()
  await media.stop()
  await running?.network.stop()
}
