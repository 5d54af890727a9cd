import { scenes } from './scenes.ts'
import { createTestEngine } from './test-engine.ts'
import type { Engine } from '../../src/engine/contract.ts'

/** In the place of the real engine, to look at the delivered shell alone */
export async function createEngine (): Promise<Engine> {
  return createTestEngine(await scenes('new', 'en', Date.now()))
}
