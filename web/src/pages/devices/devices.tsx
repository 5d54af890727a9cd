import { For, createSignal, onCleanup } from 'solid-js'
import { useEngine } from '../../state/engine.tsx'
import { usePageWords, useSpeech } from '../../words/index.tsx'
import { devices } from '../../words/pages/devices.ts'
import { AddDevice } from './add-device.tsx'
import { DeviceRow } from './device-row.tsx'
import type { DeviceStatus } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'
import '../../styles/settings.css'
import '../../styles/devices.css'

export function Devices (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const words = usePageWords(devices)
  const [list, setList] = createSignal<DeviceStatus[]>([])
  const ids = (): string[] => list().map(({ id }) => id)

  onCleanup(engine.watchDevices(setList))

  return (
    <div class='page settings'>
      <h1 tabindex='-1'>{t().nav.devices}</h1>
      <section class='setting'>
        <p class='hint'>{words().lead}</p>
        <ul class='devices'>
          {/* by id, so that a row stays open while the others change */}
          <For each={ids().filter((id, at, all) => all.indexOf(id) === at)}>
            {id => <DeviceRow device={list().find(device => device.id === id) ?? { id, name: '', home: false, current: false, online: false }} />}
          </For>
        </ul>
      </section>
      <AddDevice />
    </div>
  )
}
