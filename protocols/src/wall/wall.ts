/** The reducer from entries to a wall. Rules: specs/wall.md [WA20] to [WA44]. */
import { publicWall } from '../ids.ts'
import { MAX_AFTER } from './constants.ts'
import { know, shownTime } from './known.ts'
import { replacePosts } from './post-list.ts'
import { leaves } from './replaceable.ts'
import type { EntryId, IdentityId } from '../ids.ts'
import type { ImageRef, MediaRef, Payload, PostContent, PostView, Wall, WallView } from './index.ts'
import type { Known } from './known.ts'
import type { Version } from './replaceable.ts'

type Kind<K extends Payload['kind']> = Extract<Payload, { kind: K, after: EntryId[] }>
type VersionOf<K extends 'edit' | 'profile' | 'reach'> = Version & { known: Known, payload: Kind<K> }

/** Ids by the entry that they speak of */
type Index = Map<EntryId, Set<EntryId>>

function link (index: Index, to: EntryId, id: EntryId): void {
  const ids = index.get(to)

  if (ids == null) {
    index.set(to, new Set([id]))
  } else {
    ids.add(id)
  }
}

function unlink (index: Index, to: EntryId, id: EntryId): void {
  const ids = index.get(to)

  ids?.delete(id)

  if (ids?.size === 0) {
    index.delete(to)
  }
}

function content ({ text, lang, warning, images }: PostContent): PostContent {
  return { text, ...(lang == null ? {} : { lang }), ...(warning == null ? {} : { warning }), ...(images == null ? {} : { images }) }
}

function isSamePost (a: PostView | undefined, b: PostView | undefined): boolean {
  // a payload is decoded once, so that the same version has the same images and text
  return a === b || (a != null && b != null && a.time === b.time && a.editedAt === b.editedAt && a.text === b.text &&
    a.lang === b.lang && a.warning === b.warning && a.images === b.images)
}

/** Makes the empty wall of a person */
export function createWall (owner: IdentityId): Wall {
  const space = publicWall(owner)
  const known = new Map<EntryId, Known>()
  const tombstones: Index = new Map()
  const edits: Index = new Map()
  const profiles = new Set<EntryId>()
  const reaches = new Set<EntryId>()

  /** Posts whose view may have changed since `current` was made */
  const dirty = new Set<EntryId>()
  let isProfileDirty = false
  let isReachDirty = false

  const shown = new Map<EntryId, PostView>()
  let current: WallView = { owner, relays: [], posts: [] }
  let profileOf: EntryId | undefined
  let reachOf: EntryId | undefined
  let roots: { of: WallView, media: MediaRef[] } | undefined

  /** Whether a tombstone stands against an entry. Tombstones themselves are for good */
  function isDeleted (id: EntryId): boolean {
    return tombstones.has(id) && known.get(id)?.payload?.kind !== 'tombstone'
  }

  function versions<K extends 'edit' | 'profile' | 'reach'> (ids: Iterable<EntryId>): Array<VersionOf<K>> {
    return [...ids].flatMap(id => {
      const version = known.get(id)

      if (version?.payload == null || isDeleted(id)) {
        return []
      }

      const payload = version.payload as Kind<K>

      return [{ id, claimed: version.claimed, after: payload.after, known: version, payload }]
    })
  }

  function viewPost (id: EntryId): PostView | undefined {
    const post = known.get(id)

    if (post?.payload?.kind !== 'post' || isDeleted(id)) {
      return undefined
    }

    const [edit] = leaves(versions<'edit'>(edits.get(id) ?? []))

    return {
      id,
      chain: post.chain,
      seq: post.seq,
      author: post.chain.identity,
      time: shownTime(post),
      ...(edit == null ? {} : { editedAt: shownTime(edit.known) }),
      ...content(edit?.payload ?? post.payload)
    }
  }

  /** Notes what has to be looked at again after this entry came, went or was deleted */
  function touch (id: EntryId): void {
    const payload = known.get(id)?.payload

    if (payload?.kind === 'post') {
      dirty.add(id)
    } else if (payload?.kind === 'edit') {
      dirty.add(payload.of)
    } else if (payload?.kind === 'profile') {
      isProfileDirty = true
    } else if (payload?.kind === 'reach') {
      isReachDirty = true
    } else if (payload?.kind === 'tombstone') {
      const target = known.get(payload.of)

      if (target?.payload != null && target.payload.kind !== 'tombstone') {
        touch(payload.of)
      }
    }
  }

  function index (id: EntryId, payload: Payload | undefined): void {
    if (payload?.kind === 'edit') {
      link(edits, payload.of, id)
    } else if (payload?.kind === 'tombstone') {
      link(tombstones, payload.of, id)
    } else if (payload?.kind === 'profile') {
      profiles.add(id)
    } else if (payload?.kind === 'reach') {
      reaches.add(id)
    }
  }

  function withoutIndex (id: EntryId, payload: Payload | undefined): void {
    if (payload?.kind === 'edit') {
      unlink(edits, payload.of, id)
    } else if (payload?.kind === 'tombstone') {
      unlink(tombstones, payload.of, id)
    } else {
      profiles.delete(id)
      reaches.delete(id)
    }
  }

  /** Whether what this entry says is gone: it was deleted, or it edits what was */
  function isGone (id: EntryId): boolean {
    const payload = known.get(id)?.payload

    return isDeleted(id) || (payload?.kind === 'edit' && tombstones.has(payload.of))
  }

  function toDrop (id: EntryId): EntryId[] {
    const payload = known.get(id)?.payload
    const candidates = payload?.kind === 'tombstone' ? [payload.of, ...edits.get(payload.of) ?? []] : [id]

    return candidates.filter(candidate => known.get(candidate)?.hasPayload === true && isGone(candidate))
  }

  function updatePosts (): PostView[] {
    const changed = new Map<EntryId, PostView | undefined>()

    for (const id of dirty) {
      const post = viewPost(id)

      if (isSamePost(shown.get(id), post)) {
        continue
      }

      changed.set(id, post)

      if (post == null) {
        shown.delete(id)
      } else {
        shown.set(id, post)
      }
    }

    dirty.clear()

    return replacePosts(current.posts, changed)
  }

  function updateProfile (): WallView['profile'] {
    const [winner] = isProfileDirty ? leaves(versions<'profile'>(profiles)) : []

    if (!isProfileDirty || winner?.id === profileOf) {
      isProfileDirty = false

      return current.profile
    }

    isProfileDirty = false
    profileOf = winner?.id

    if (winner == null) {
      return undefined
    }

    const { name, bio, avatar } = winner.payload

    return { name, ...(bio == null ? {} : { bio }), ...(avatar == null ? {} : { avatar }) }
  }

  function updateRelays (): WallView['relays'] {
    const [winner] = isReachDirty ? leaves(versions<'reach'>(reaches)) : []

    if (!isReachDirty || winner?.id === reachOf) {
      isReachDirty = false

      return current.relays
    }

    isReachDirty = false
    reachOf = winner?.id

    return winner?.payload.relays ?? []
  }

  function view (): WallView {
    const posts = updatePosts()
    const profile = updateProfile()
    const relays = updateRelays()

    if (posts !== current.posts || profile !== current.profile || relays !== current.relays) {
      current = { owner, ...(profile == null ? {} : { profile }), relays, posts }
    }

    return current
  }

  function media (): MediaRef[] {
    const of = view()

    if (roots?.of !== of) {
      const images: ImageRef[] = [...(of.profile?.avatar == null ? [] : [of.profile.avatar]), ...of.posts.flatMap(post => post.images ?? [])]
      const byCid = new Map(images.flatMap(({ small, large }) => [small, large]).map(ref => [ref.cid.toString(), ref]))

      roots = { of, media: [...byCid.values()] }
    }

    return roots.media
  }

  return {
    add (entry, firstSeen) {
      const { header } = entry

      if (header.identity !== owner || header.space !== space) {
        return []
      }

      const before = known.get(entry.id)
      const after = know(entry, firstSeen, before)

      known.set(entry.id, after)

      if (before?.payload == null) {
        index(entry.id, after.payload)
      }

      if (before == null || before.payload !== after.payload || before.seen !== after.seen) {
        touch(entry.id)
      }

      return entry.payload == null ? [] : toDrop(entry.id)
    },
    remove (id) {
      const gone = known.get(id)

      if (gone == null) {
        return
      }

      touch(id)
      withoutIndex(id, gone.payload)
      known.delete(id)
    },
    has: id => known.has(id),
    view,
    media,
    locate (id) {
      const entry = known.get(id)

      return entry == null ? undefined : { chain: entry.chain, seq: entry.seq }
    },
    current (of) {
      const ids: Record<string, Set<EntryId> | undefined> = { profile: profiles, reach: reaches }

      return leaves(versions(ids[of] ?? edits.get(of as EntryId) ?? [])).slice(0, MAX_AFTER).map(({ id }) => id)
    }
  }
}
