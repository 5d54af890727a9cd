import { Show, createResource } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { JSX } from 'solid-js'

/** Light around the code, in its own squares: scanners want four */
const QUIET = 4

/** A text as a code to scan; what draws it is loaded when somebody asks */
export function Code (props: { text: string }): JSX.Element {
  const { t } = useSpeech()
  const [drawing] = createResource(() => props.text, async text => {
    const { create } = await import('qrcode')

    return draw(create(text, { errorCorrectionLevel: 'L' }).modules)
  })

  return (
    <div class='code'>
      <Show when={drawing()}>
        {drawing => (
          <svg role='img' aria-label={t().settings.codeLabel} viewBox={`0 0 ${drawing().size} ${drawing().size}`} shape-rendering='crispEdges'>
            <rect class='code-light' width='100%' height='100%' />
            <path class='code-dark' d={drawing().path} />
          </svg>
        )}
      </Show>
    </div>
  )
}

function draw (modules: { size: number, data: ArrayLike<number> }): { size: number, path: string } {
  let path = ''

  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (modules.data[y * modules.size + x] === 1) {
        path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`
      }
    }
  }

  return { size: modules.size + 2 * QUIET, path }
}
