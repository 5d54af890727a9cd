import { createMemo } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { Delivery } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** Where one's own post is by now */
export function DeliveryText (props: { delivery: Delivery }): JSX.Element {
  const { t } = useSpeech()
  const words = createMemo(() => {
    switch (props.delivery.state) {
      case 'home': return [t().post.home, t().post.homeHint]
      case 'relay': return [t().post.relay, t().post.relayHint]
      default: return [t().post.device, t().post.deviceHint]
    }
  })

  return (
    <span class='delivery' data-state={props.delivery.state} title={words()[1]}>
      <span class='delivery-steps' aria-hidden='true'><i /><i /><i /></span>
      {words()[0]}
    </span>
  )
}
