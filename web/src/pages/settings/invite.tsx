import { Show, createSignal } from 'solid-js'
import { ProblemText } from '../../parts/problem.tsx'
import { SharedText } from '../../parts/shared-text.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

const DAYS = 14

/** The two links to one's wall: for a friend, and for anybody */
export function Invite (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const [link, setLink] = createSignal<string>()
  const [open, setOpen] = createSignal<string>()
  const invite = createAction(async () => { setLink(await engine.invite({ uses: 1, days: DAYS })) })
  const publish = createAction(async () => { setOpen(await engine.publicLink()) })

  return (
    <section class='setting'>
      <h2>{t().settings.invite}</h2>
      <p class='hint'>{t().settings.inviteLead}</p>
      <Show when={link()} fallback={<button type='button' class='button' disabled={invite.busy()} onClick={() => { void invite.run() }}>{t().settings.inviteButton}</button>}>
        {link => (
          <>
            <SharedText label={t().settings.inviteLabel} text={link()} />
            <p class='hint'>{t().settings.inviteOnce}</p>
          </>
        )}
      </Show>
      <ProblemText problem={invite.problem()} />
      <h3>{t().settings.publicTitle}</h3>
      <p class='hint'>{t().settings.publicLead}</p>
      <Show when={open()} fallback={<button type='button' class='button-quiet' disabled={publish.busy()} onClick={() => { void publish.run() }}>{t().settings.publicButton}</button>}>
        {link => <SharedText label={t().settings.publicLabel} text={link()} />}
      </Show>
      <ProblemText problem={publish.problem()} />
    </section>
  )
}
