import { identityFromText, publicWall, wallOwner } from '@pergola/protocols'
import { watched } from './watchers.ts'
import type { EngineComponents } from './components.ts'
import type { Engine, Post, TimelinePage, WallPage } from './contract.ts'
import type { Watched } from './watchers.ts'
import type { PostView, SpaceId } from '@pergola/protocols'
import type { Watch } from '@pergola/protocols/peer'

/** How long a wall that is opened is waited for before the page says that nobody who has it can be reached */
const CATCH_UP_TIMEOUT_MS = 30_000

interface OpenWall {
  space: SpaceId
  page: Watched<WallPage>
  watch: Promise<Watch>
  loading: boolean
  unreachable: boolean
  users: number
}

/** Pages of posts: one person's, and everybody's that one follows */
export function wallsArea ({ peer, views, session, invited, signal }: EngineComponents): Pick<Engine, 'watchTimeline' | 'watchWall'> {
  const open = new Map<SpaceId, OpenWall>()
  const timeline = watched(timelinePage)

  function post (view: PostView): Post {
    const mine = view.author === peer.account.me()?.identity
    const author = views.person(view.author, peer.walls.peek(publicWall(view.author))?.view().profile)

    if (!mine) {
      return views.post(view, author, false, undefined)
    }

    const { relays, home } = peer.delivery(view)

    const elsewhere = relays > 0 ? 'relay' : 'device'

    return views.post(view, author, true, { relays, home, state: home ? 'home' : elsewhere })
  }

  function timelinePage (): TimelinePage | undefined {
    const me = peer.account.me()

    if (me == null) {
      return undefined
    }

    const follows = session.follows()
    const walls = [me.space, ...follows.map(publicWall)].flatMap(space => {
      const wall = peer.walls.peek(space)

      return wall == null ? [] : [wall.view().posts]
    })

    return { posts: walls.flat().sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)).map(post), loading: walls.length <= follows.length }
  }

  function wallPage ({ space, loading, unreachable }: OpenWall): WallPage | undefined {
    const view = peer.walls.peek(space)?.view()

    if (view == null) {
      return undefined
    }

    const owner = wallOwner(space)
    const mine = peer.account.me()?.space === space
    const other = session.follows().includes(owner) ? 'following' : 'none'
    const person = views.person(owner, view.profile)

    return {
      person: person.name === '' ? { ...person, name: invited.get(space)?.name ?? '' } : person,
      posts: view.posts.map(post),
      loading: loading && !mine,
      unreachable: unreachable && !mine,
      relation: mine ? 'me' : other
    }
  }

  async function catchUp (wall: OpenWall): Promise<void> {
    try {
      await peer.walls.open(wall.space)
      wall.page.changed()

      const watch = await wall.watch

      await watch.caughtUp({ signal: AbortSignal.any([signal, AbortSignal.timeout(CATCH_UP_TIMEOUT_MS)]) })
    } catch {
      wall.unreachable = true
    }

    wall.loading = false
    wall.page.changed()
  }

  function openWall (space: SpaceId): OpenWall {
    const wall: OpenWall = {
      space,
      page: watched(() => wallPage(wall)),
      watch: peer.watch(space, invited.get(space)?.relays ?? []),
      loading: true,
      unreachable: false,
      users: 0
    }

    open.set(space, wall)
    void catchUp(wall)

    return wall
  }

  peer.walls.addEventListener('wall:changed', ({ detail }) => {
    open.get(detail.space)?.page.changed()
    timeline.changed()
  }, { signal })
  peer.deliveries.addEventListener('delivery:changed', () => {
    const me = peer.account.me()

    if (me != null) {
      open.get(me.space)?.page.changed()
    }

    timeline.changed()
  }, { signal })
  // whom one follows decides what the timeline holds and what a wall says of its owner
  signal.addEventListener('abort', session.watch(() => {
    timeline.changed()

    for (const { page } of open.values()) {
      page.changed()
    }
  }))

  return {
    watchTimeline: listener => timeline.watch(listener),
    watchWall (id, listener) {
      const space = publicWall(identityFromText(id))
      const wall = open.get(space) ?? openWall(space)
      const unsubscribe = wall.page.watch(listener)

      wall.users++

      return () => {
        unsubscribe()

        if (--wall.users === 0) {
          open.delete(space)
          wall.watch.then(watch => { watch.release() }, () => {})
        }
      }
    }
  }
}
