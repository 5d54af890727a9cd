import { Match, Show, Switch, createMemo } from 'solid-js'
import { Composer } from '../../composer/lazy-composer.tsx'
import { Avatar } from '../../parts/avatar.tsx'
import { ProblemText } from '../../parts/problem.tsx'
import { SkeletonPosts } from '../../parts/skeleton.tsx'
import { PostList } from '../../post/post-list.tsx'
import { createAction } from '../../state/action.ts'
import { useEngine } from '../../state/engine.tsx'
import { createWall } from '../../state/pages.ts'
import { SETTINGS } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

export interface WallProps {
  id: string
  /** What is known of the name before the wall is here */
  name?: string
  /** Somebody without a wall of their own looks: nothing can be pressed */
  readOnly?: boolean
}

/** One person's wall */
export function Wall (props: WallProps): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const page = createWall(engine, () => props.id)
  const person = createMemo(() => {
    const person = page()?.person

    return person != null && person.name !== '' ? person : { id: props.id, ...person, name: props.name ?? '' }
  })
  const name = createMemo(() => person().name === '' ? t().wall.nameless : person().name)
  const follow = createAction(async () => {
    await (page()?.relation === 'following' ? engine.unfollow(props.id) : engine.follow(props.id))
  })
  const retry = createAction(async () => { await engine.reconnect() })

  return (
    <div class='page'>
      <header class='wall-head'>
        <Avatar person={person()} size='large' />
        <div class='wall-who'>
          <h1 tabindex='-1'><bdi>{name()}</bdi></h1>
          <Show when={(person().bio ?? '') !== ''}><p class='wall-bio' dir='auto'>{person().bio}</p></Show>
        </div>
        <Show when={props.readOnly !== true}>
          <Switch>
            <Match when={page()?.relation === 'me'}>
              <a class='button-quiet' href={SETTINGS}>{t().wall.editProfile}</a>
            </Match>
            <Match when={page()?.relation === 'following'}>
              <button type='button' class='button-quiet follow-state' disabled={follow.busy()} onClick={() => { void follow.run() }}>
                <span class='follow-is'>{t().wall.following}</span>
                <span class='follow-does'>{t().wall.unfollow}</span>
              </button>
            </Match>
            <Match when={page()?.relation === 'none'}>
              <button type='button' class='button' disabled={follow.busy()} onClick={() => { void follow.run() }}>{t().wall.follow}</button>
            </Match>
          </Switch>
        </Show>
      </header>
      <ProblemText problem={follow.problem()} />
      <Show when={page()?.relation === 'me'}><Composer /></Show>
      <Show when={page()} fallback={<SkeletonPosts count={3} label={t().wall.loading} />}>
        {page => (
          <>
            <Show when={page().unreachable && page().posts.length > 0}><p class='note' role='status'>{t().wall.unreachablePartly}</p></Show>
            <PostList
              posts={page().posts}
              loading={page().loading && !(page().unreachable && page().posts.length === 0)}
              loadingLabel={t().wall.loading}
              empty={
                <Switch fallback={<div class='empty'><h2>{t().wall.empty}</h2><p>{page().relation === 'following' ? t().wall.emptyFollowing : t().wall.emptyLead}</p></div>}>
                  <Match when={page().unreachable}>
                    <div class='empty' role='status'>
                      <p>{t().wall.unreachable}</p>
                      <button type='button' class='button-quiet' disabled={retry.busy()} onClick={() => { void retry.run() }}>{t().wall.retry}</button>
                    </div>
                  </Match>
                  <Match when={page().relation === 'me'}>
                    <div class='empty'><h2>{t().wall.emptyMine}</h2><p>{t().wall.emptyMineLead}</p></div>
                  </Match>
                </Switch>
              }
            />
          </>
        )}
      </Show>
    </div>
  )
}
