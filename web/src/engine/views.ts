/** From the protocols' view of a wall to what pages show. */
import { identityToText } from '@pergola/protocols'
import { toString } from 'uint8arrays/to-string'
import type { Delivery, MediaKey, Person, Picture, Post } from './contract.ts'
import type { IdentityId, ImageRef, MediaRef, PostView, WallView } from '@pergola/protocols'

/** WebP begins with RIFF, JPEG with its marker */
function blurUrl (bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : `data:image/${bytes[0] === 0x52 ? 'webp' : 'jpeg'};base64,${toString(bytes, 'base64pad')}`
}

/** Makes pages of walls, and remembers every file they name, so that its size is known when it is asked for */
export class ViewMaker {
  readonly #files = new Map<string, MediaRef>()
  readonly #posts = new WeakMap<PostView, Post>()
  readonly #people = new Map<IdentityId, { view: WallView['profile'], person: Person }>()

  /** What is known of a file that was shown */
  file (key: MediaKey): MediaRef | undefined {
    return this.#files.get(key.cid)
  }

  person (owner: IdentityId, profile: WallView['profile']): Person {
    const known = this.#people.get(owner)

    if (known != null && known.view === profile) {
      return known.person
    }

    const person: Person = {
      id: identityToText(owner),
      name: profile?.name ?? '',
      ...(profile?.bio == null ? {} : { bio: profile.bio }),
      ...(profile?.avatar == null ? {} : { avatar: this.#picture(owner, profile.avatar) })
    }

    this.#people.set(owner, { view: profile, person })

    return person
  }

  /** The same object as before while neither the post, its author nor its delivery changed, so that pages can compare by reference */
  post (view: PostView, author: Person, mine: boolean, delivery: Delivery | undefined): Post {
    const known = this.#posts.get(view)

    if (known != null && known.author === author && known.delivery?.state === delivery?.state && known.delivery?.relays === delivery?.relays && known.delivery?.home === delivery?.home) {
      return known
    }

    const post: Post = {
      id: view.id,
      author,
      time: view.time,
      ...(view.editedAt == null ? {} : { editedAt: view.editedAt }),
      text: view.text,
      ...(view.lang == null ? {} : { lang: view.lang }),
      ...(view.warning == null ? {} : { warning: view.warning }),
      pictures: known?.pictures ?? (view.images ?? []).map(image => this.#picture(view.author, image)),
      mine,
      ...(delivery == null ? {} : { delivery })
    }

    this.#posts.set(view, post)

    return post
  }

  #media (owner: IdentityId, ref: MediaRef): MediaKey {
    const cid = ref.cid.toString()

    this.#files.set(cid, ref)

    return { cid, type: ref.type, owner: identityToText(owner) }
  }

  #picture (owner: IdentityId, image: ImageRef): Picture {
    return {
      small: { media: this.#media(owner, image.small), width: image.small.width, height: image.small.height },
      large: { media: this.#media(owner, image.large), width: image.large.width, height: image.large.height, size: image.large.size },
      blur: blurUrl(image.blur),
      alt: image.alt
    }
  }
}
