import { Show, createEffect, createMemo, createSignal, createUniqueId, on } from 'solid-js'
import { EngineError } from '../../engine/contract.ts'
import { GrowingText } from '../../parts/growing-text.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import { OwnPicture } from './own-picture.tsx'
import type { JSX } from 'solid-js'

export function Profile (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const [name, setName] = createSignal('')
  const [bio, setBio] = createSignal('')
  const [saved, setSaved] = createSignal(false)
  const nameId = createUniqueId()
  const savedName = createMemo(() => session().me?.name ?? '')
  const savedBio = createMemo(() => session().me?.bio ?? '')
  const unchanged = (): boolean => name() === savedName() && bio() === savedBio()
  const save = createAction(async () => {
    if (name().trim() === '') {
      throw new EngineError({ code: 'name-empty', detail: '' })
    }

    await engine.profile({ name: name().trim(), ...(bio().trim() === '' ? {} : { bio: bio().trim() }) })
    setSaved(true)
  })

  // the session says the same again and again: what is being typed stays
  createEffect(on(savedName, (next, before = '') => {
    if (name() === before) {
      setName(next)
    }
  }))
  createEffect(on(savedBio, (next, before = '') => {
    if (bio() === before) {
      setBio(next)
    }
  }))

  return (
    <section class='setting'>
      <h2>{t().settings.profile}</h2>
      <Show when={session().me}>{me => <OwnPicture me={me()} />}</Show>
      <form class='setting-form' onSubmit={event => { event.preventDefault(); void save.run() }}>
        <div class='field'>
          <label for={nameId}>{t().settings.name}</label>
          <input id={nameId} type='text' maxLength={60} dir='auto' autocomplete='nickname' value={name()} onInput={event => { setName(event.currentTarget.value); setSaved(false) }} />
        </div>
        <div class='field'>
          <span class='label' aria-hidden='true'>{t().settings.bio}</span>
          <GrowingText label={t().settings.bio} placeholder={t().settings.bioPlaceholder} value={bio()} onInput={text => { setBio(text); setSaved(false) }} />
        </div>
        <ProblemText problem={save.problem()} />
        <div class='row'>
          <button type='submit' class='button' disabled={save.busy() || unchanged()}>{t().settings.save}</button>
          <span class='hint' role='status'>{saved() ? t().settings.saved : ''}</span>
        </div>
      </form>
    </section>
  )
}
