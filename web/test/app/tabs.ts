import { connectEngine } from '../../src/engine/channel.ts'
import { EngineError } from '../../src/engine/contract.ts'
import { scenes } from './scenes.ts'
import { createTestEngine } from './test-engine.ts'
import type { TestEngine } from './test-engine.ts'
import type { Engine } from '../../src/engine/contract.ts'

declare global {
  interface Window {
    /** What pages see */
    engine: Engine
    /** Only in the tab that leads */
    led?: TestEngine
    made: number
  }
}

window.made = 0
window.engine = connectEngine(async () => {
  window.made++

  if (location.search === '?broken') {
    throw new EngineError({ code: 'storage-refused', detail: 'no' })
  }

  const engine = createTestEngine(await scenes('mixed', 'en', Date.now()))

  window.led = engine

  return engine
})
