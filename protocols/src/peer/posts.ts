/** Writing on one's own wall. */
import { encodePayload } from '../wall/index.ts'
import { NoSuchPostError } from './errors.ts'
import type { Account } from './account.ts'
import type { Walls } from './walls.ts'
import type { EntryId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Entry } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { ImageRef, PostContent, PostView } from '../wall/index.ts'

export interface PostsInit {
  account: Account
  walls: Walls
  random: Random
}

/** Every method resolves once the entry is durable on this device */
export interface Posts {
  post (content: PostContent): Promise<Entry>
  /** Keeps the pictures. @throws {NoSuchPostError} */
  edit (id: EntryId, content: Pick<PostContent, 'text' | 'warning' | 'lang'>): Promise<Entry>
  /** @throws {NoSuchPostError} */
  remove (id: EntryId): Promise<Entry>
  profile (profile: { name: string, bio?: string, avatar?: ImageRef }): Promise<Entry>
  /** Says on the public wall at which public relays it can be had */
  reach (relays: RelayInfo[]): Promise<Entry>
}

export function createPosts ({ account, walls, random }: PostsInit): Posts {
  async function ownPost (id: EntryId): Promise<PostView> {
    const { space } = account.requireMe()
    const post = (await walls.open(space)).view().posts.find(candidate => candidate.id === id)

    if (post == null) {
      throw new NoSuchPostError('This post is not on your wall any more')
    }

    return post
  }

  async function current (kind: 'profile' | 'reach'): Promise<EntryId[]> {
    const wall = await walls.open(account.requireMe().space)

    return wall.current(kind)
  }

  return {
    post: async content => account.append(encodePayload({ kind: 'post', ...content }, random)),

    async edit (id, content) {
      const { images } = await ownPost(id)
      const after = (await walls.open(account.requireMe().space)).current(id)

      return account.append(encodePayload({ kind: 'edit', of: id, after, ...content, ...(images == null ? {} : { images }) }, random))
    },

    async remove (id) {
      await ownPost(id)

      return account.append(encodePayload({ kind: 'tombstone', of: id }, random))
    },

    profile: async profile => account.append(encodePayload({ kind: 'profile', ...profile, after: await current('profile') }, random)),
    reach: async relays => account.append(encodePayload({ kind: 'reach', relays, after: await current('reach') }, random))
  }
}
