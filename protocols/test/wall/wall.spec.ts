import { expect } from 'aegir/chai'
import { encode } from '../../src/codec/index.ts'
import { spaceId } from '../../src/ids.ts'
import { createWall } from '../../src/wall/index.ts'
import { createWriter, imageRef, mediaRef, OWNER, STRANGER, withoutPayload } from './make-entries.ts'
import type { Entry } from '../../src/log/entry.ts'
import type { Wall } from '../../src/wall/index.ts'

const NOW = 1_000_000

function wallOf (...entries: Entry[]): Wall {
  const wall = createWall(OWNER)

  for (const entry of entries) {
    wall.add(entry, NOW)
  }

  return wall
}

function texts (wall: Wall): string[] {
  return wall.view().posts.map(({ text }) => text)
}

describe('wall', () => {
  it('[WA20] an empty wall has an owner and nothing else', () => {
    expect(createWall(OWNER).view()).to.deep.equal({ owner: OWNER, relays: [], posts: [] })
    expect(createWall(OWNER).media()).to.deep.equal([])
  })

  it('[WA21] entries of other people and other spaces do not count', async () => {
    const foreign = await createWriter({ identity: STRANGER }).write({ kind: 'post', text: 'mine now' }, 1)
    const elsewhere = await createWriter({ space: spaceId(new Uint8Array(32).fill(3)) }).write({ kind: 'post', text: 'secret' }, 1)
    const wall = wallOf(foreign, elsewhere)

    expect(texts(wall)).to.deep.equal([])
    expect(wall.has(foreign.id)).to.equal(false)
    expect(wall.locate(elsewhere.id)).to.equal(undefined)
  })

  it('[WA22] what cannot be read or is of an unknown kind is kept and not shown', async () => {
    const writer = createWriter()
    const broken = await writer.write(Uint8Array.of(1, 2, 3), 1)
    const unknown = await writer.write(encode({ kind: 'dance', salt: new Uint8Array(16) }), 2)
    const bare = withoutPayload(await writer.write({ kind: 'post', text: 'gone' }, 3))
    const wall = wallOf(broken, unknown, bare)

    expect(texts(wall)).to.deep.equal([])
    expect([broken, unknown, bare].every(({ id }) => wall.has(id))).to.equal(true)
    expect(wall.locate(bare.id)).to.have.property('seq', 2)
  })

  it('[WA23] a payload that arrives later is shown then, and a later arrival without it takes nothing away', async () => {
    const post = await createWriter().write({ kind: 'post', text: 'late' }, 1)
    const wall = wallOf(withoutPayload(post))

    expect(texts(wall)).to.deep.equal([])
    wall.add(post, NOW)
    wall.add(withoutPayload(post), NOW)
    expect(texts(wall)).to.deep.equal(['late'])
  })

  it('[WA24] posts are newest first, by time and then by id', async () => {
    const writer = createWriter()
    const entries = await Promise.all([5, 9, 5].map(async time => writer.write({ kind: 'post', text: '' }, time)))
    const [a, b, c] = entries.map(({ id }) => id)
    const view = wallOf(...entries).view()

    expect(view.posts.map(({ id }) => id)).to.deep.equal([b, ...[a, c].sort().reverse()])
  })

  it('[WA25] a post from the future shows at the time of its first sight', async () => {
    const writer = createWriter()
    const future = await writer.write({ kind: 'post', text: 'future' }, NOW * 5)
    const next = await writer.write({ kind: 'post', text: 'next' }, NOW + 1)
    const wall = createWall(OWNER)

    wall.add(future, NOW)
    wall.add(next, NOW + 2)
    wall.add(future, NOW + 3)
    expect(texts(wall)).to.deep.equal(['next', 'future'])
    expect(wall.view().posts[1].time).to.equal(NOW)
  })

  it('[WA26] a post says where it is and whose', async () => {
    const post = await createWriter().write({ kind: 'post', text: 'x', lang: 'en', warning: 'w', images: [imageRef('a')] }, 4)
    const { space, identity, device } = post.header

    expect(wallOf(post).view().posts).to.deep.equal([{
      id: post.id, chain: { space, identity, device }, seq: 0, author: OWNER, time: 4, text: 'x', lang: 'en', warning: 'w', images: [imageRef('a')]
    }])
  })

  it('[WA30] an edit replaces the whole content and leaves the place', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'helo', warning: 'w' }, 1)
    const other = await writer.write({ kind: 'post', text: 'other' }, 2)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'hello' }, 3)

    for (const entries of [[post, other, edit], [edit, other, post]]) {
      const [, shown] = wallOf(...entries).view().posts

      expect(shown).to.include({ id: post.id, text: 'hello', time: 1, editedAt: 3 })
      expect(shown).to.not.have.property('warning')
    }
  })

  it('[WA31] the edit that no other replaces wins, whatever the clocks say', async () => {
    const phone = createWriter()
    const laptop = createWriter({ device: 2 })
    const post = await phone.write({ kind: 'post', text: 'one' }, 1)
    const fast = await laptop.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, NOW * 9)
    const later = await phone.write({ kind: 'edit', of: post.id, after: [fast.id], text: 'three' }, 2)

    expect(texts(wallOf(post, fast, later))).to.deep.equal(['three'])
    expect(texts(wallOf(later, fast, post))).to.deep.equal(['three'])
  })

  it('[WA32] of edits made apart the later one wins, at one time the greater id', async () => {
    const phone = createWriter()
    const laptop = createWriter({ device: 2 })
    const post = await phone.write({ kind: 'post', text: 'one' }, 1)
    const a = await phone.write({ kind: 'edit', of: post.id, after: [], text: 'a' }, 5)
    const b = await laptop.write({ kind: 'edit', of: post.id, after: [], text: 'b' }, 6)
    const c = await laptop.write({ kind: 'edit', of: post.id, after: [], text: 'c' }, 6)

    expect(texts(wallOf(post, a, b))).to.deep.equal(['b'])
    expect(texts(wallOf(post, a, b, c))).to.deep.equal([b.id > c.id ? 'b' : 'c'])
  })

  it('[WA33] current() names what the next version replaces', async () => {
    const phone = createWriter()
    const laptop = createWriter({ device: 2 })
    const post = await phone.write({ kind: 'post', text: 'one' }, 1)
    const a = await phone.write({ kind: 'edit', of: post.id, after: [], text: 'a' }, 5)
    const b = await laptop.write({ kind: 'edit', of: post.id, after: [], text: 'b' }, 6)
    const profile = await phone.write({ kind: 'profile', name: 'Ada', after: [] }, 7)
    const wall = wallOf(post, a, b, profile)

    expect(wall.current(post.id)).to.deep.equal([b.id, a.id])
    expect(wall.current('profile')).to.deep.equal([profile.id])
    expect(wall.current('reach')).to.deep.equal([])

    wall.add(await phone.write({ kind: 'edit', of: post.id, after: [b.id, a.id], text: 'c' }, 4), NOW)
    expect(texts(wall)).to.deep.equal(['c'])
    expect(wall.current(post.id)).to.have.length(1)
  })

  it('[WA34] an edit by another person, or of something that is not a post, changes nothing', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const foreign = await createWriter({ identity: STRANGER }).write({ kind: 'edit', of: post.id, after: [], text: 'defaced' }, 2)
    const profile = await writer.write({ kind: 'profile', name: 'Ada', after: [] }, 3)
    const odd = await writer.write({ kind: 'edit', of: profile.id, after: [], text: 'odd' }, 4)

    expect(texts(wallOf(post, foreign, profile, odd))).to.deep.equal(['one'])
  })

  it('[WA35] a tombstone takes the post away and names the payloads to drop, those of its edits too', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, 2)
    const tombstone = await writer.write({ kind: 'tombstone', of: post.id }, 3)
    const wall = wallOf(post, edit)

    expect(wall.add(tombstone, NOW)).to.deep.equal([post.id, edit.id])
    expect(texts(wall)).to.deep.equal([])
    expect(wall.locate(post.id)).to.deep.equal({ chain: { space: post.header.space, identity: OWNER, device: post.header.device }, seq: 0 })
  })

  it('[WA36] a tombstone may arrive first; what comes after it is dropped at once', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, 2)
    const tombstone = await writer.write({ kind: 'tombstone', of: post.id }, 3)
    const late = await writer.write({ kind: 'edit', of: post.id, after: [edit.id], text: 'three' }, 4)
    const wall = createWall(OWNER)

    expect(wall.add(tombstone, NOW)).to.deep.equal([])
    expect(wall.add(edit, NOW)).to.deep.equal([edit.id])
    expect(wall.add(post, NOW)).to.deep.equal([post.id])
    expect(wall.add(late, NOW)).to.deep.equal([late.id])
    expect(wall.add(withoutPayload(post), NOW)).to.deep.equal([])
    expect(texts(wall)).to.deep.equal([])
  })

  it('[WA36] an edit does not bring back a post whose payload is gone', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, 2)

    expect(texts(wallOf(withoutPayload(post), edit))).to.deep.equal([])
  })

  it('[WA37] only the author deletes', async () => {
    const post = await createWriter().write({ kind: 'post', text: 'one' }, 1)
    const foreign = await createWriter({ identity: STRANGER }).write({ kind: 'tombstone', of: post.id }, 2)
    const wall = wallOf(post)

    expect(wall.add(foreign, NOW)).to.deep.equal([])
    expect(texts(wall)).to.deep.equal(['one'])
  })

  it('[WA38] a deleted edit or profile is as if it had never been', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const first = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, 2)
    const second = await writer.write({ kind: 'edit', of: post.id, after: [first.id], text: 'three' }, 3)
    const ada = await writer.write({ kind: 'profile', name: 'Ada', after: [] }, 4)
    const bob = await writer.write({ kind: 'profile', name: 'Bob', after: [ada.id] }, 5)
    const wall = wallOf(post, first, second, ada, bob)

    expect(wall.add(await writer.write({ kind: 'tombstone', of: second.id }, 6), NOW)).to.deep.equal([second.id])
    expect(wall.add(await writer.write({ kind: 'tombstone', of: bob.id }, 7), NOW)).to.deep.equal([bob.id])
    expect(texts(wall)).to.deep.equal(['two'])
    expect(wall.view().profile).to.deep.equal({ name: 'Ada' })
  })

  it('[WA39] a tombstone is for good: deleting it brings nothing back', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const tombstone = await writer.write({ kind: 'tombstone', of: post.id }, 2)
    const again = await writer.write({ kind: 'tombstone', of: tombstone.id }, 3)

    for (const entries of [[post, tombstone, again], [again, tombstone, post]]) {
      const wall = createWall(OWNER)
      const dropped = entries.flatMap(entry => wall.add(entry, NOW))

      expect(dropped).to.deep.equal([post.id])
      expect(texts(wall)).to.deep.equal([])
    }
  })

  it('[WA40] the profile and the relays are those that nobody replaced', async () => {
    const writer = createWriter()
    const relay = { peer: '12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8', addrs: ['/ip4/127.0.0.1/tcp/4001/ws'], path: '' }
    const old = await writer.write({ kind: 'profile', name: 'Ada', bio: 'counts', after: [] }, NOW * 3)
    const young = await writer.write({ kind: 'profile', name: 'Ada L.', avatar: imageRef('me'), after: [old.id] }, 1)
    const reach = await writer.write({ kind: 'reach', relays: [relay], after: [] }, 2)
    const none = await writer.write({ kind: 'reach', relays: [], after: [reach.id] }, 1)
    const wall = wallOf(young, reach, old)

    expect(wall.view()).to.deep.equal({ owner: OWNER, profile: { name: 'Ada L.', avatar: imageRef('me') }, relays: [relay], posts: [] })
    wall.add(none, NOW)
    expect(wall.view().relays).to.deep.equal([])
  })

  it('[WA41] an entry that is taken out leaves no trace, also a tombstone', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: 'one' }, 1)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: 'two' }, 2)
    const tombstone = await writer.write({ kind: 'tombstone', of: post.id }, 3)
    const wall = wallOf(post, edit, tombstone)

    wall.remove(tombstone.id)
    expect(texts(wall)).to.deep.equal(['two'])
    wall.remove(edit.id)
    wall.remove(edit.id)
    expect(wall.view()).to.deep.equal(wallOf(post).view())
    wall.remove(post.id)
    expect(wall.view()).to.deep.equal(createWall(OWNER).view())
    expect(wall.has(post.id)).to.equal(false)
  })

  it('[WA42] what did not change stays the same object', async () => {
    const writer = createWriter()
    const first = await writer.write({ kind: 'post', text: 'one', images: [imageRef('a')] }, 1)
    const second = await writer.write({ kind: 'post', text: 'two' }, 2)
    const profile = await writer.write({ kind: 'profile', name: 'Ada', after: [] }, 3)
    const wall = wallOf(first, profile)
    const before = wall.view()

    expect(wall.view()).to.equal(before)
    wall.add(first, NOW)
    wall.add(withoutPayload(first), NOW + 1)
    expect(wall.view()).to.equal(before)

    wall.add(second, NOW)

    const after = wall.view()

    expect(after).to.not.equal(before)
    expect(before.posts).to.have.length(1)
    expect(after.posts[1]).to.equal(before.posts[0])
    expect(after.profile).to.equal(before.profile)
    expect(after.relays).to.equal(before.relays)
  })

  it('[WA43] media() names the files of what is shown, each once', async () => {
    const writer = createWriter()
    const post = await writer.write({ kind: 'post', text: '', images: [imageRef('a'), imageRef('b')] }, 1)
    const edit = await writer.write({ kind: 'edit', of: post.id, after: [], text: '', images: [imageRef('b')] }, 2)
    const twice = await writer.write({ kind: 'post', text: '', images: [imageRef('b')] }, 3)
    const profile = await writer.write({ kind: 'profile', name: 'Ada', avatar: imageRef('me'), after: [] }, 4)
    const wall = wallOf(post, edit, twice, profile)
    const names = (): string[] => wall.media().map(({ cid }) => cid.toString()).sort()
    const expected = (...files: string[]): string[] => files.flatMap(file => [`${file} small`, `${file} large`]).map(file => mediaRef(file).cid.toString()).sort()

    expect(names()).to.deep.equal(expected('b', 'me'))
    expect(wall.media()).to.equal(wall.media())
    wall.remove(edit.id)
    expect(names()).to.deep.equal(expected('a', 'b', 'me'))
    wall.add(await writer.write({ kind: 'tombstone', of: post.id }, 5), NOW)
    wall.add(await writer.write({ kind: 'tombstone', of: twice.id }, 6), NOW)
    expect(names()).to.deep.equal(expected('me'))
  })
})
