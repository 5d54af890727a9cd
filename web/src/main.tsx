import { render } from 'solid-js/web'
import { connectEngine } from './engine/channel.ts'
import { App } from './shell/app.tsx'
import { openOffline } from './shell/open-offline.ts'
import { Unsuitable, unsuitable } from './shell/unsuitable.tsx'

const root = document.getElementById('app')

if (root == null) {
  throw new Error('The page has no place for the app')
}

const reason = unsuitable()

if (reason == null) {
  const engine = connectEngine(async () => {
    const { createEngine } = await import('./engine/index.ts')

    return createEngine()
  })

  render(() => <App engine={engine} />, root)
} else {
  render(() => <Unsuitable reason={reason} />, root)
}

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  openOffline('./worker.js')
}
