/** What the page itself tells the engine: when to wake up, and what stands in its address. */
import { decodeRelayInfo, decodeSignedRelayInfo } from '@pergola/protocols'
import { fromString } from 'uint8arrays/from-string'
import type { RelayInfo } from '@pergola/protocols'

const CONFIG_URL = './config.json'
const CONFIG_TIMEOUT_MS = 5_000
const RELAY_LINK = '#relay='
const CLAIM_LINK = '#home='

/** Dispatches `wake` whenever trying to connect is worth it, until the signal fires */
export function wakeEvents (signal: AbortSignal): EventTarget {
  const wake = new EventTarget()
  const dispatch = (): void => { wake.dispatchEvent(new Event('wake')) }

  addEventListener('online', dispatch, { signal })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      dispatch()
    }
  }, { signal })

  return wake
}

/** The relay that a link names, or that served this page, if it says so */
export async function relayOfPage (): Promise<RelayInfo | undefined> {
  try {
    if (location.hash.startsWith(RELAY_LINK)) {
      return decodeRelayInfo(fromString(location.hash.slice(RELAY_LINK.length), 'base64url'))
    }

    const response = await fetch(CONFIG_URL, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(CONFIG_TIMEOUT_MS) })
    const config: unknown = response.ok ? await response.json() : undefined

    if (config == null || typeof config !== 'object' || !('signed' in config) || typeof config.signed !== 'string') {
      return undefined
    }

    return (await decodeSignedRelayInfo(fromString(config.signed, 'base64url'))).info
  } catch {
    return undefined
  }
}

/** What makes the home node on this machine one's own, if the address brought it */
export function claimOfPage (): string | undefined {
  return location.hash.startsWith(CLAIM_LINK) ? location.hash.slice(CLAIM_LINK.length) : undefined
}
