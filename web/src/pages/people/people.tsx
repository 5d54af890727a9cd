import { Show, createSignal, createUniqueId } from 'solid-js'
import { PeopleList } from '../../parts/people-list.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { SETTINGS, navigate, wallHref } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** Whom one follows, and the way to follow somebody else */
export function People (): JSX.Element {
  const { engine, session } = useEngine()
  const { t } = useSpeech()
  const [text, setText] = createSignal('')
  const id = createUniqueId()
  const problemId = createUniqueId()
  const open = createAction(async () => {
    const person = await engine.openLink(text().trim())

    navigate(wallHref(person.id))
  })

  return (
    <div class='page'>
      <h1 tabindex='-1'>{t().people.title}</h1>
      <section>
        <h2>{t().people.addTitle}</h2>
        <form noValidate onSubmit={event => { event.preventDefault(); void open.run() }}>
          <div class='field'>
            <label for={id}>{t().people.add}</label>
            <div class='row row-field'>
              <input
                id={id}
                type='text'
                inputmode='url'
                autocomplete='off'
                autocapitalize='none'
                spellcheck={false}
                required
                dir='ltr'
                placeholder={t().people.addPlaceholder}
                aria-describedby={problemId}
                value={text()}
                onInput={event => {
                  setText(event.currentTarget.value)
                  open.forget()
                }}
              />
              <button type='submit' class='button' disabled={open.busy()}>{open.busy() ? t().people.opening : t().people.open}</button>
            </div>
          </div>
          <ProblemText id={problemId} problem={open.problem()} />
        </form>
      </section>
      <section>
        <h2>{t().people.following}</h2>
        <Show
          when={session().following.length > 0}
          fallback={
            <div class='empty'>
              <p><strong>{t().people.empty}</strong></p>
              <p>{t().people.emptyLead}</p>
              <a class='button-quiet' href={SETTINGS}>{t().people.invite}</a>
            </div>
          }
        >
          <PeopleList people={session().following} />
        </Show>
      </section>
    </div>
  )
}
