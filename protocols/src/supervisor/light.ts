import type { Light, SupervisedRelay } from './index.ts'

const LIGHTS: Array<[SupervisedRelay['state'], Light]> = [['connected', 'green'], ['connecting', 'yellow'], ['refused', 'orange']]

/** One light for all relays: the best of them */
export function lightOf (relays: SupervisedRelay[]): Light {
  for (const [state, light] of LIGHTS) {
    if (relays.some(relay => relay.state === state)) {
      return light
    }
  }

  return 'red'
}
