import { MAX_PICTURES } from './contract.ts'
import { addPicture } from './media.ts'
import { guard, problem } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'
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

  return {
    post: async (draft, onProgress) => guard(async () => {
      const total = draft.pictures.length
      const images: ImageRef[] = []

      if (total > MAX_PICTURES) {
        throw problem('too-many-pictures', `${total} pictures`)
      }

      for (const { file, alt } of draft.pictures) {
        onProgress?.({ done: images.length, total })
        images.push(await addPicture(peer, file, alt))
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

    profile: async profile => guard(async () => {
      if (profile.name.trim() === '') {
        throw problem('name-empty', 'The name is empty')
      }

      await peer.posts.profile(profile)
    })
  }
}
