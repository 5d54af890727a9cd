import { Show } from 'solid-js'
import { Photo } from './photo.tsx'
import type { Person } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** A face, or the first letter of a name. Decoration: the name stands next to it */
export function Avatar (props: { person: Person, size?: 'small' | 'large' }): JSX.Element {
  return (
    <span class='avatar' classList={{ 'avatar-small': props.size === 'small', 'avatar-large': props.size === 'large' }} aria-hidden='true'>
      <span>{initial(props.person.name)}</span>
      <Show when={props.person.avatar}>
        {picture => <Photo picture={picture()} alt='' quiet />}
      </Show>
    </span>
  )
}

/** The first character as people count them: flags and accented letters stay whole */
export function initial (name: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name.trim())

  return first?.segment.toLocaleUpperCase() ?? '·'
}
