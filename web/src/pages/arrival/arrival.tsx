import { createUniqueId } from 'solid-js'
import { NameField } from '../../parts/name-field.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { useEngine } from '../../state/engine.tsx'
import { createJoin } from '../../state/join.ts'
import { HOME, navigate } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import { Wall } from '../wall/wall.tsx'
import type { JSX } from 'solid-js'
import '../../styles/arrival.css'

/** Somebody came by a link: the wall it leads to, and the way in */
export function Arrival (props: { id: string, name: string }): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const join = createJoin(engine, async () => {
    await engine.follow(props.id)
    navigate(HOME, { replace: true })
  })
  const leadId = createUniqueId()

  return (
    <>
      <Wall id={props.id} name={props.name} readOnly />
      <form class='join-bar' noValidate onSubmit={event => { event.preventDefault(); void join.run() }}>
        <div class='join-bar-inner'>
          <p id={leadId}>{t().arrival.bar(props.name === '' ? t().arrival.someone : props.name)}</p>
          <div class='join-bar-field'>
            <NameField value={join.name()} onInput={name => { join.setName(name) }} describedBy={leadId} />
            <button type='submit' class='button' disabled={join.busy()}>{join.busy() ? t().firstRun.joining : t().firstRun.join}</button>
          </div>
          <ProblemText problem={join.problem()} />
        </div>
      </form>
    </>
  )
}
