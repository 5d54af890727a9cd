import { For, createMemo } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { parseMarkdown } from './parse.ts'
import type { Inline } from './inline.ts'
import type { Block } from './parse.ts'
import type { JSX } from 'solid-js'

/** A post's text as elements: built node by node, never from a string of HTML */
export function Markdown (props: { text: string, lang?: string }): JSX.Element {
  const blocks = createMemo(() => parseMarkdown(props.text))

  return <div class='prose' dir='auto' lang={props.lang}><Blocks blocks={blocks()} /></div>
}

function Blocks (props: { blocks: Block[] }): JSX.Element {
  return (
    <For each={props.blocks}>
      {block => {
        switch (block.kind) {
          case 'paragraph': return <p dir='auto'><Inlines parts={block.children} /></p>
          case 'quote': return <blockquote dir='auto'><Blocks blocks={block.children} /></blockquote>
          case 'code': return <pre dir='ltr' tabindex='0'><code>{block.text}</code></pre>
          default: return (
            <Dynamic component={block.ordered ? 'ol' : 'ul'} start={block.ordered && block.start !== 1 ? block.start : undefined}>
              <For each={block.items}>{item => <li dir='auto'><Inlines parts={item} /></li>}</For>
            </Dynamic>
          )
        }
      }}
    </For>
  )
}

function Inlines (props: { parts: Inline[] }): JSX.Element {
  return (
    <For each={props.parts}>
      {part => {
        switch (part.kind) {
          case 'text': return <>{part.text}</>
          case 'break': return <br />
          case 'code': return <code dir='ltr'>{part.text}</code>
          case 'strong': return <strong><Inlines parts={part.children} /></strong>
          case 'emphasis': return <em><Inlines parts={part.children} /></em>
          default: return <a href={part.href} target='_blank' rel='noopener noreferrer nofollow ugc'><bdi><Inlines parts={part.children} /></bdi></a>
        }
      }}
    </For>
  )
}
