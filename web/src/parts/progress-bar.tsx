import { Show, createSignal, onCleanup } from 'solid-js'
import { useSpeech } from '../words/index.tsx'
import type { Progress } from '../engine/contract.ts'
import type { JSX } from 'solid-js'

/** What is over sooner needs no bar */
const PATIENCE_MS = 1000

/** Amount and speed of something that takes longer than a second; keeps its space from the start so that nothing jumps */
export function ProgressBar (props: { progress: Progress | undefined }): JSX.Element {
  const { t, format } = useSpeech()
  const [shown, setShown] = createSignal(false)
  const timer = setTimeout(() => { setShown(true) }, PATIENCE_MS)

  onCleanup(() => { clearTimeout(timer) })

  return (
    <div class='progress' classList={{ shown: shown() }} aria-hidden={shown() ? undefined : 'true'}>
      <Show when={props.progress} fallback={<progress aria-label={t().progress.label} />}>
        {progress => <progress aria-label={t().progress.label} max={Math.max(1, progress().total)} value={progress().done} />}
      </Show>
      <Show when={props.progress}>
        {progress => (
          <span class='progress-text'>
            <Show
              when={progress().unit === 'bytes'}
              fallback={`${t().progress.entries(format().number(progress().done), format().number(progress().total))} · ${t().progress.speed(format().number(progress().speed))}`}
            >
              {t().progress.bytes(format().bytes(progress().done), format().bytes(progress().total))}
              {' · '}
              {t().progress.speed(format().bytes(progress().speed))}
            </Show>
          </span>
        )}
      </Show>
    </div>
  )
}
