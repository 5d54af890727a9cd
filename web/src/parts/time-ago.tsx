import { now } from '../state/now.ts'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** When it was, seen from now; in full on hover */
export function TimeAgo (props: { time: number }): JSX.Element {
  const { format } = useSpeech()

  return <time dateTime={new Date(props.time).toISOString()} title={format().full(props.time)}>{format().ago(props.time, now())}</time>
}
