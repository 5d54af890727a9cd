/** Writing on one's own wall. */
import { cleanText } from '../codec/index.ts'
import { encodePayload } from '../wall/index.ts'
import { NoSuchPostError } from './errors.ts'
import type { Account } from './account.ts'
import type { Waiting } from './waiting.ts'
import type { Walls } from './walls.ts'
import type { Writer } from './writer.ts'
import type { EntryId } from '../ids.ts'
import type { Random } from '../interface.ts'
import type { Entry } from '../log/index.ts'
import type { RelayInfo } from '../relay-info/index.ts'
import type { ImageRef, PostContent, PostView } from '../wall/index.ts'

export interface PostsInit {
  account: Pick<Account, 'requireMe' | 'append'>
  walls: Walls
  random: Random
  writer: Pick<Writer, 'write' | 'waiting' | 'discard'>
}

/**
 * Every method that writes resolves once the entry is durable on this device. While the device must not write, because entries of its own may be
 * missing here, what is written is kept instead, listed by `waiting`, and becomes an entry by itself later; `waiting:changed` of the peer tells.
 *
 * @throws {TooManyWaitingError} and then nothing was kept
 * @throws {PeerStoppedError} if it waits on for the next start
 */
export interface Posts {
  post (content: PostContent): Promise<Entry>
  /** Keeps the pictures. @throws {NoSuchPostError} */
  edit (id: EntryId, content: Pick<PostContent, 'text' | 'warning' | 'lang'>): Promise<Entry>
  /** @throws {NoSuchPostError} */
  remove (id: EntryId): Promise<Entry>
  profile (profile: { name: string, bio?: string, avatar?: ImageRef }): Promise<Entry>
  /** What was written and is no entry yet, oldest first */
  waiting (): Waiting[]
  /** Takes back something that waits. @throws {NoSuchPostError} if it does not wait any more */
  discard (waiting: Waiting['id']): Promise<void>
  /** Says on the public wall at which public relays it can be had; not kept, but said again by who has it to say */
  reach (relays: RelayInfo[]): Promise<Entry>
}

/** What people type or paste may hold half characters, which no encoding can carry */
function cleaned (content: PostContent): PostContent {
  return {
    ...content,
    text: cleanText(content.text),
    ...(content.warning == null ? {} : { warning: cleanText(content.warning) }),
    ...(content.images == null ? {} : { images: content.images.map(image => ({ ...image, alt: cleanText(image.alt) })) })
  }
}

export function createPosts ({ account, walls, random, writer }: PostsInit): Posts {
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
    waiting: writer.waiting,
    discard: writer.discard,
    post: async content => writer.write(encodePayload({ kind: 'post', ...cleaned(content) }, random)),

    async edit (id, content) {
      const { images } = await ownPost(id)
      const after = (await walls.open(account.requireMe().space)).current(id)

      return writer.write(encodePayload({ kind: 'edit', of: id, after, ...cleaned(content), ...(images == null ? {} : { images }) }, random))
    },

    async remove (id) {
      await ownPost(id)

      return writer.write(encodePayload({ kind: 'tombstone', of: id }, random))
    },

    profile: async ({ name, bio, avatar }) => writer.write(encodePayload({
      kind: 'profile',
      name: cleanText(name),
      ...(bio == null ? {} : { bio: cleanText(bio) }),
      ...(avatar == null ? {} : { avatar }),
      after: await current('profile')
    }, random)),
    reach: async relays => account.append(encodePayload({ kind: 'reach', relays, after: await current('reach') }, random))
  }
}
