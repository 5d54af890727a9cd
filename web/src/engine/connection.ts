import { identityToText } from '@pergola/protocols'
import { guard } from './problems.ts'
import { watched } from './watchers.ts'
import type { EngineComponents } from './components.ts'
import type { ConnectionState, Engine } from './contract.ts'
import type { ConnectionView } from '@pergola/protocols/peer'

/** Between two measurements of how far the relays are, while somebody looks */
const MEASURE_MS = 10_000

/** The light, and what stands behind it */
export function connectionArea ({ peer, session, signal }: EngineComponents): Pick<Engine, 'watchConnection' | 'setDirect' | 'reconnect'> {
  const roundTrips = new Map<string, number>()
  const connection = watched(connectionNow)
  const changed = (): void => { connection.changed() }

  function homeNow (people: ConnectionView['people']): Pick<ConnectionState, 'home'> {
    const home = people.find(person => person.own && person.home)

    if (home != null) {
      return { home: { state: 'connected', name: home.name } }
    }

    return session.hasHome() ? { home: { state: 'offline', name: '' } } : {}
  }

  function connectionNow (): ConnectionState {
    const { light, relays, people } = peer.connection()

    return {
      // the browser knows at once what the relays show only after several tries
      light: !navigator.onLine && light === 'yellow' ? 'red' : light,
      relays: relays.map(({ info, state, nextTry }) => ({
        id: info.peer,
        name: info.name ?? hostOf(info.addrs[0] ?? '') ?? info.peer.slice(-6),
        state,
        ...(state === 'connected' ? { path: 'direct' as const } : {}),
        ...(state === 'connected' && roundTrips.has(info.peer) ? { rtt: roundTrips.get(info.peer) } : {}),
        ...(nextTry == null ? {} : { until: nextTry }),
        technical: { peer: info.peer, address: info.addrs[0] ?? '' }
      })),
      ...homeNow(people),
      people: people.filter(person => !person.own).map(({ identity, name, path }) => ({ id: identityToText(identity), name, path }))
    }
  }

  async function measure (): Promise<void> {
    for (const { info, state } of connection.watched ? peer.connection().relays : []) {
      if (state === 'connected') {
        roundTrips.set(info.peer, await peer.roundTrip(info.peer).catch(() => roundTrips.get(info.peer) ?? 0))
        changed()
      }
    }
  }

  const measuring = setInterval(() => { void measure() }, MEASURE_MS)

  signal.addEventListener('abort', () => { clearInterval(measuring) })
  peer.addEventListener('connection:changed', changed, { signal })
  addEventListener('offline', changed, { signal })

  return {
    watchConnection: listener => connection.watch(listener),
    setDirect: async on => guard(async () => {
      await peer.setDirect(on)
      await session.refresh()
    }),
    reconnect: async () => { peer.reconnect() }
  }
}

function hostOf (address: string): string | undefined {
  const [, , host] = address.split('/')

  return host
}
