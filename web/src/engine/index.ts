/** The engine of the leader tab: a peer, and its pages. Pages and their tabs see only `contract.ts`. */
import { createPeer } from '@pergola/protocols/peer'
import { archivesArea } from './archives.ts'
import { backupsArea } from './backups.ts'
import { openBrowserVault } from './browser-vault.ts'
import { connectionArea } from './connection.ts'
import { devicesArea } from './devices.ts'
import { claimWhenJoined, homeArea } from './home.ts'
import { openKeyStore } from './key-store.ts'
import { linkingArea } from './linking.ts'
import { mediaArea } from './media.ts'
import { claimOfPage, relayOfPage, wakeEvents } from './page.ts'
import { BLOCKS, KEYS, part, PEER, WORDS } from './parts.ts'
import { peopleArea } from './people.ts'
import { postsArea } from './posts.ts'
import { toEngineError } from './problems.ts'
import { recoveryArea } from './recovery.ts'
import { createSession } from './session.ts'
import { ViewMaker } from './views.ts'
import { wallsArea } from './walls.ts'
import { wordsKept } from './words-kept.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'

export type { Engine } from './contract.ts'

/** Opens what this browser has stored and starts. Rejects with an `EngineError` where the browser refuses storage */
export async function createEngine (): Promise<Engine> {
  try {
    const stopped = new AbortController()
    const browser = await openBrowserVault()
    const store = await browser.store()
    const peer = await createPeer({
      role: 'client',
      store: part(store, PEER),
      blocks: part(store, BLOCKS),
      keys: openKeyStore({ store: part(store, KEYS), keptPair: async () => browser.keys.pair() }),
      wake: wakeEvents(stopped.signal)
    })

    return await startEngine({ peer, wordsKept: wordsKept(part(store, WORDS)), signal: stopped.signal }, async () => {
      stopped.abort()
      await peer.stop()
      await browser.close()
    })
  } catch (err) {
    throw toEngineError(err)
  }
}

async function startEngine (init: Pick<EngineComponents, 'peer' | 'wordsKept' | 'signal'>, stop: () => Promise<void>): Promise<Engine> {
  const base = { ...init, views: new ViewMaker(), invited: new Map() }
  const components: EngineComponents = { ...base, session: createSession(base) }
  const engine: Engine = {
    watchSession: listener => components.session.watch(listener),
    ...connectionArea(components),
    ...wallsArea(components),
    ...peopleArea(components),
    ...postsArea(components),
    ...mediaArea(components),
    ...homeArea(components),
    ...backupsArea(components),
    ...linkingArea(components),
    ...devicesArea(components),
    ...archivesArea(components),
    ...recoveryArea(components),
    stop
  }

  await init.peer.start()
  await components.session.refresh()
  void arrive(components)

  return engine
}

/** The relay comes first: a home on this machine is reached through it */
async function arrive (components: EngineComponents): Promise<void> {
  const claim = claimOfPage()
  const relay = await relayOfPage()

  if (relay != null) {
    await components.peer.addRelay(relay)
  }

  if (claim != null) {
    claimWhenJoined(components, claim)
  }
}
