import { MAX_POST_IMAGES } from './contract.ts'
import { addPicture } from './media.ts'
import { meter } from './meter.ts'
import { guard, problem } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine, ProfileDraft } from './contract.ts'
import type { EntryId, ImageRef } from '@pergola/protocols'

/** Writing on one's own wall */
export function postsArea ({ peer }: EngineComponents): Pick<Engine, 'post' | 'edit' | 'remove' | 'profile'> {
  function ownPost (id: string): EntryId {
    const me = peer.account.requireMe()
    const post = peer.walls.peek(me.space)?.view().posts.find(candidate => candidate.id === id)

    if (post == null) {
      throw problem('internal', 'This post is not on your wall any more')
    }

    return post.id
  }

  async function avatarOf (chosen: ProfileDraft['avatar']): Promise<ImageRef | undefined> {
    if (chosen === undefined) {
      return (await peer.walls.open(peer.account.requireMe().space)).view().profile?.avatar
    }

    return chosen === null ? undefined : addPicture(peer, chosen, '')
  }

  return {
    post: async (draft, onProgress) => guard(async () => {
      const images: ImageRef[] = []
      const total = draft.pictures.reduce((sum, { file }) => sum + file.size, 0)
      const progress = meter('bytes', onProgress)

      if (draft.pictures.length > MAX_POST_IMAGES) {
        throw problem('too-many-pictures', `${draft.pictures.length} pictures`)
      }

      for (const [at, { file, alt }] of draft.pictures.entries()) {
        const before = draft.pictures.slice(0, at).reduce((sum, { file }) => sum + file.size, 0)

        images.push(await addPicture(peer, file, alt, share => { progress(Math.round(before + share * file.size), total) }))
      }

      const entry = await peer.posts.post({
        text: draft.text,
        ...(draft.warning == null || draft.warning === '' ? {} : { warning: draft.warning }),
        ...(draft.lang == null ? {} : { lang: draft.lang }),
        ...(images.length === 0 ? {} : { images })
      })

      return entry.id
    }),

    edit: async (id, content) => guard(async () => { await peer.posts.edit(ownPost(id), content) }),

    remove: async id => guard(async () => { await peer.posts.remove(ownPost(id)) }),

    profile: async ({ name, bio, avatar }) => guard(async () => {
      if (name.trim() === '') {
        throw problem('name-empty', 'The name is empty')
      }

      const image = await avatarOf(avatar)

      await peer.posts.profile({ name, ...(bio == null ? {} : { bio }), ...(image == null ? {} : { avatar: image }) })
    })
  }
}
