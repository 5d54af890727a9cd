import { Show } from 'solid-js'
import { Composer } from '../../composer/lazy-composer.tsx'
import { PostList } from '../../post/post-list.tsx'
import { useEngine } from '../../state/engine.tsx'
import { createTimeline } from '../../state/pages.ts'
import { PEOPLE, SETTINGS } from '../../state/route.ts'
import { useSpeech } from '../../words/index.tsx'
import type { JSX } from 'solid-js'

/** What one and one's people wrote, and the place to write */
export function Home (): JSX.Element {
  const { engine } = useEngine()
  const { t } = useSpeech()
  const page = createTimeline(engine)

  return (
    <div class='page'>
      <h1 class='visually-hidden' tabindex='-1'>{t().timeline.title}</h1>
      <Composer />
      <PostList
        posts={page.posts}
        loading={page.loading}
        loadingLabel={t().timeline.loading}
        empty={
          <div class='empty'>
            <h2>{t().timeline.empty}</h2>
            <p>{t().timeline.emptyLead}</p>
            <p class='row row-middle'>
              <a class='button-quiet' href={PEOPLE}>{t().timeline.follow}</a>
              <a class='button-quiet' href={SETTINGS}>{t().timeline.invite}</a>
            </p>
          </div>
        }
      />
      <Show when={!page.loading && page.posts.length > 20}><p class='hint hint-end'>{t().timeline.end}</p></Show>
    </div>
  )
}
