import { SpeechProvider, useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'
import '../styles/index.css'

export type Reason = 'insecure' | 'oldBrowser'

/** Why nothing can work here, if so: without a secure context there are no keys, without locks no order among tabs */
export function unsuitable (): Reason | undefined {
  if (!window.isSecureContext) {
    return 'insecure'
  }

  const needed = [navigator.locks, globalThis.BroadcastChannel, crypto.subtle, globalThis.RTCPeerConnection, globalThis.indexedDB, Promise.withResolvers]

  return needed.some(feature => feature == null) ? 'oldBrowser' : undefined
}

export function Unsuitable (props: { reason: Reason }): JSX.Element {
  return <SpeechProvider><Sentence reason={props.reason} /></SpeechProvider>
}

function Sentence (props: { reason: Reason }): JSX.Element {
  const { t } = useSpeech()

  return <main class='page empty'><h1>{t().banner[props.reason]}</h1></main>
}
