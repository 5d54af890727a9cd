import { createMemo } from 'solid-js'
import { now } from '../../state/now.ts'
import { useSpeech } from '../../words/index.tsx'
import type { LightColour, RelayStatus } from '../../engine/contract.ts'
import type { JSX } from 'solid-js'

const LIGHTS: Record<RelayStatus['state'], LightColour> = { connected: 'green', connecting: 'yellow', refused: 'orange', offline: 'red' }

export function RelayRow (props: { relay: RelayStatus }): JSX.Element {
  const { t, format } = useSpeech()
  const words = createMemo(() => {
    const { state, until, path, rtt } = props.relay
    const time = until == null ? undefined : format().clock(until, now())

    switch (state) {
      case 'connected': return [
        t().connection.connected,
        ...path == null ? [] : [t().connection[path]],
        ...rtt == null ? [] : [t().connection.rtt(format().milliseconds(rtt))]
      ]
      case 'connecting': return [t().connection.connecting]
      case 'refused': return [time == null ? t().connection.refusedOpen : t().connection.refused(time)]
      default: return [t().connection.offline, ...time == null ? [] : [t().connection.next(time)]]
    }
  })

  return (
    <li>
      <span class='dot' data-light={LIGHTS[props.relay.state]} aria-hidden='true' />
      <bdi>{props.relay.name}</bdi>
      <span class='lines-state'>{words().join(' · ')}</span>
    </li>
  )
}
