import { Show, createEffect, createMemo, createSignal, createUniqueId } from 'solid-js'
import { MAX_POST_IMAGES, MAX_POST_TEXT_BYTES } from '../engine/contract.ts'
import { GrowingText } from '../parts/growing-text.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemText } from '../parts/problem.tsx'
import { ProgressBar } from '../parts/progress-bar.tsx'
import { createAction } from '../state/action.ts'
import { forgetDraft, loadDraft, saveDraft } from '../state/draft.ts'
import { useEngine } from '../state/engine.tsx'
import { useSpeech } from '../words/index.tsx'
import { createPictures } from './create-pictures.ts'
import { PickedPictures } from './picked-pictures.tsx'
import { textLanguage } from './text-language.ts'
import type { Progress } from '../engine/contract.ts'
import type { JSX } from 'solid-js'
import '../styles/composer.css'

/** From here on one is told how much room is left */
const NEARLY_FULL_BYTES = MAX_POST_TEXT_BYTES - 1024

/** Where one writes. What is typed is kept until it is posted */
export function Composer (): JSX.Element {
  const { engine } = useEngine()
  const { t, language } = useSpeech()
  const stored = loadDraft()
  const [text, setText] = createSignal(stored.text)
  const [warning, setWarning] = createSignal(stored.warning)
  const [warned, setWarned] = createSignal(stored.warning !== '')
  const [progress, setProgress] = createSignal<Progress>()
  const [leftOut, setLeftOut] = createSignal<'not-a-picture' | 'too-many'>()
  const [dragging, setDragging] = createSignal(false)
  const [said, setSaid] = createSignal('')
  const pictures = createPictures(MAX_POST_IMAGES)
  const bytes = createMemo(() => new TextEncoder().encode(text()).length)
  const empty = createMemo(() => text().trim() === '' && pictures.list.length === 0)
  const audienceId = createUniqueId()
  let form: HTMLFormElement | undefined
  let chooser: HTMLInputElement | undefined

  createEffect(() => { saveDraft({ text: text(), warning: warning() }) })

  const send = createAction(async () => {
    const draft = { text: text(), warning: warning() }
    const sent = [...pictures.list]

    setProgress(undefined)
    setSaid('')
    await engine.post({
      text: text().trim(),
      lang: textLanguage(text(), language()),
      pictures: sent.map(picture => ({ file: picture.file, alt: picture.alt.trim() })),
      ...(warning().trim() === '' ? {} : { warning: warning().trim() })
    }, setProgress)
    setText('')
    setWarning('')
    setWarned(false)
    pictures.discard(sent.map(({ id }) => id))
    forgetDraft(draft)
    setSaid(t().composer.posted)
    form?.querySelector('textarea')?.focus()
  })
  const run = (): void => {
    if (!empty() && bytes() <= MAX_POST_TEXT_BYTES) {
      void send.run()
    }
  }
  const add = (files: Iterable<File>): void => {
    if (!send.busy()) {
      setLeftOut(pictures.add(files))
    }
  }

  return (
    <form
      ref={form}
      class='composer'
      classList={{ dragging: dragging() }}
      aria-label={t().composer.form}
      aria-busy={send.busy()}
      onSubmit={event => { event.preventDefault(); run() }}
      onDragOver={event => {
        if (event.dataTransfer?.types.includes('Files') === true) {
          event.preventDefault()
          setDragging(true)
        }
      }}
      onDragLeave={event => { if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) { setDragging(false) } }}
      onDrop={event => {
        event.preventDefault()
        setDragging(false)
        add(event.dataTransfer?.files ?? [])
      }}
    >
      <Show when={warned()}>
        <input
          class='composer-warning'
          type='text'
          dir='auto'
          maxLength={200}
          aria-label={t().composer.warning}
          placeholder={t().composer.warningPlaceholder}
          readOnly={send.busy()}
          value={warning()}
          onInput={event => { setWarning(event.currentTarget.value) }}
        />
      </Show>
      <GrowingText
        label={t().composer.label}
        placeholder={t().composer.placeholder}
        describedBy={audienceId}
        value={text()}
        readOnly={send.busy()}
        onInput={text => {
          setText(text)
          setSaid('')
        }}
        onSend={run}
        onFiles={add}
      />
      <Show when={pictures.list.length > 0}>
        <PickedPictures pictures={pictures.list} disabled={send.busy()} onAlt={(at, alt) => { pictures.describe(at, alt) }} onRemove={at => { pictures.discard([pictures.list[at].id]) }} />
      </Show>
      <Show when={pictures.list.some(({ kept }) => !kept)}><p class='hint' role='status'>{t().composer.notKept}</p></Show>
      <Show when={bytes() > NEARLY_FULL_BYTES}>
        <p class='hint' role='status'>
          {bytes() > MAX_POST_TEXT_BYTES ? t().composer.tooLong(over(text(), bytes() - MAX_POST_TEXT_BYTES)) : t().composer.left(over(text(), MAX_POST_TEXT_BYTES - bytes()))}
        </p>
      </Show>
      <Show when={leftOut()}>
        {reason => <p class='problem' role='alert'>{reason() === 'too-many' ? t().composer.tooMany(MAX_POST_IMAGES) : t().composer.notAPicture}</p>}
      </Show>
      <ProblemText problem={send.problem()} />
      <Show when={send.busy()}><ProgressBar progress={progress()} /></Show>
      <div class='composer-foot'>
        <input
          ref={chooser}
          class='visually-hidden'
          type='file'
          accept='image/*'
          multiple
          tabindex='-1'
          aria-hidden='true'
          onChange={event => {
            add(event.currentTarget.files ?? [])
            event.currentTarget.value = ''
          }}
        />
        <button type='button' class='icon-button' title={t().composer.addPictures} aria-label={t().composer.addPictures} disabled={send.busy()} onClick={() => chooser?.click()}>
          <Icon name='picture' />
        </button>
        <button
          type='button'
          class='icon-button'
          title={warned() ? t().composer.removeWarning : t().composer.addWarning}
          aria-label={warned() ? t().composer.removeWarning : t().composer.addWarning}
          aria-pressed={warned()}
          disabled={send.busy()}
          onClick={() => {
            setWarned(!warned())
            setWarning('')
          }}
        >
          <Icon name='warning' />
        </button>
        <p class='composer-audience' id={audienceId}>{t().composer.audience}</p>
        <button type='submit' class='button' disabled={send.busy() || empty() || bytes() > MAX_POST_TEXT_BYTES}>{send.busy() ? t().composer.posting : t().composer.post}</button>
      </div>
      <p class='visually-hidden' role='status'>{said()}</p>
    </form>
  )
}

/** Bytes as characters of this text: three to one in Chinese */
function over (text: string, bytes: number): number {
  const perCharacter = new TextEncoder().encode(text).length / Math.max(1, text.length)

  return Math.ceil(bytes / perCharacter)
}
