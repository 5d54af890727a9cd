import { guard, problem } from './problems.ts'
import { watched } from './watchers.ts'
import type { EngineComponents } from './components.ts'
import type { DeviceStatus, Engine } from './contract.ts'
import type { OwnDevice } from '@pergola/protocols/peer'

/** One's own devices */
export function devicesArea ({ peer: { devices }, signal }: EngineComponents): Pick<Engine, 'watchDevices' | 'renameDevice' | 'closeDevice'> {
  const all = watched<DeviceStatus[]>(() => devices.list().map(({ device, role, ...rest }) => ({ id: device, home: role === 'home', ...rest })))

  function deviceOf (id: string): OwnDevice['device'] {
    const found = devices.list().find(({ device }) => device === id)

    if (found == null) {
      throw problem('no-such-device', id)
    }

    return found.device
  }

  devices.addEventListener('devices:changed', () => { all.changed() }, { signal })

  return {
    watchDevices: listener => all.watch(listener),

    renameDevice: async (id, name) => guard(async () => devices.rename(deviceOf(id), name)),

    closeDevice: async (id, words) => guard(async () => {
      const entropy = words == null ? undefined : (await import('./phrase.ts')).entropyFromPhrase(words)

      await devices.close([deviceOf(id)], entropy == null ? {} : { entropy })
    })
  }
}
