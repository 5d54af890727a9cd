/** The files of an archive that people and other programs read. Rules: specs/archive.md [AR1] to [AR3]. */
import { entryCid, identityToText } from '../ids.ts'
import { CAR_NAME, KEYS_NAME, MEDIA_FOLDER, READABLE_NAME } from './constants.ts'
import type { IdentityId } from '../ids.ts'
import type { ImageRef, PostView, WallView } from '../wall/index.ts'

const encoder = new TextEncoder()

export interface ReadableInit {
  view: WallView
  /** Milliseconds */
  created: number
  /** The name of a picture in the archive; undefined if it is not there */
  pictureName (image: ImageRef): string | undefined
  /** Whom one follows, if that is to be told */
  follows?: IdentityId[]
}

function imageValue (image: ImageRef, { pictureName }: ReadableInit): Record<string, unknown> {
  const { type, width, height } = image.large

  return { file: pictureName(image) ?? null, type, width, height, description: image.alt }
}

function postValue (post: PostView, init: ReadableInit): Record<string, unknown> {
  return {
    id: entryCid(post.id).toString(),
    date: new Date(post.time).toISOString(),
    ...(post.editedAt == null ? {} : { edited: new Date(post.editedAt).toISOString() }),
    text: post.text,
    ...(post.lang == null ? {} : { language: post.lang }),
    ...(post.warning == null ? {} : { warning: post.warning }),
    ...(post.images == null ? {} : { images: post.images.map(image => imageValue(image, init)) })
  }
}

/** `wall.json`, a post at a time */
export async function * readableWall (init: ReadableInit): AsyncGenerator<Uint8Array> {
  const { view: { owner, profile, posts }, created, pictureName, follows } = init
  const head = JSON.stringify({
    format: 'pergola wall',
    version: 1,
    exported: new Date(created).toISOString(),
    id: identityToText(owner),
    name: profile?.name ?? '',
    about: profile?.bio ?? '',
    picture: profile?.avatar == null ? null : pictureName(profile.avatar) ?? null,
    ...(follows == null ? {} : { follows: follows.map(identityToText) })
  }, undefined, 1)

  yield encoder.encode(`${head.slice(0, -2)},\n "posts": [`)

  for (const [i, post] of posts.entries()) {
    yield encoder.encode(`${i === 0 ? '' : ','}\n  ${JSON.stringify(postValue(post, init))}`)
  }

  yield encoder.encode('\n ]\n}\n')
}

/** `README.txt` */
export function readme ({ view, created }: Pick<ReadableInit, 'view' | 'created'>, hasKeys: boolean): Uint8Array {
  const name = view.profile?.name ?? 'somebody'
  const [day] = new Date(created).toISOString().split('T')

  return encoder.encode([
    `The wall of ${name}, as it was on ${day}.`,
    '',
    `${READABLE_NAME}  every post with its date, for reading and for other programs`,
    `${MEDIA_FOLDER}     the pictures`,
    `${CAR_NAME}   the same posts and pictures as they were signed; any IPFS program opens it`,
    ...(hasKeys ? [`${KEYS_NAME}  what is needed to go on writing, locked with a passphrase`] : []),
    '',
    'To have this wall again on another computer, install Pergola there, start it, and run',
    '',
    '  pergola import FILE',
    '',
    'with the name of the file that this text was in. Nothing is taken twice.',
    ...(hasKeys ? ['Whoever has this file and the passphrase can write in this name: keep them apart.'] : []),
    ''
  ].join('\r\n'))
}
