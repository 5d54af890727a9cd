import { render } from 'solid-js/web'
import { App } from '../../src/shell/app.tsx'
import { scenes } from './scenes.ts'
import { createTestEngine } from './test-engine.ts'
import type { TestEngine } from './test-engine.ts'

declare global {
  interface Window {
    /** The engine behind the page, for tests to move */
    testEngine: TestEngine
  }
}

const root = document.getElementById('app')
const query = new URLSearchParams(location.search)
const language = query.get('language')
const scene = query.get('scene') ?? 'new'

if (language != null) {
  localStorage.setItem('language', language)
}

const now = Number(query.get('now') ?? Date.now())

window.testEngine = createTestEngine(await scenes(scene, query.get('language') === 'zh-CN' ? 'zh-CN' : 'en', now))

if (root != null) {
  render(() => <App engine={window.testEngine} />, root)
}
