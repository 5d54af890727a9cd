import { For, onMount } from 'solid-js'
import type { JSX } from 'solid-js'

/** Numbered, in columns, to be copied by hand: there is no button that puts them where other programs can read them */
export function WordGrid (props: { label: string, words: string[] }): JSX.Element {
  let list: HTMLOListElement | undefined

  onMount(() => list?.focus())

  return (
    <ol ref={list} class='word-grid' tabindex='-1' aria-label={props.label} lang='en' translate='no'>
      <For each={props.words}>{(word, at) => <li><span class='word-place' aria-hidden='true'>{at() + 1}</span> <span>{word}</span></li>}</For>
    </ol>
  )
}
