import { randomBytes } from 'node:crypto'
import type { ImageRef, MediaRef } from '@pergola/protocols'
import type { Peer } from '@pergola/protocols/peer'

async function addPicture ({ media }: Peer, size: number): Promise<MediaRef> {
  const { cid } = await media.add(randomBytes(size))

  return { cid, size, type: 'image/jpeg', width: 640, height: 480 }
}

async function addImage (peer: Peer, size: number): Promise<ImageRef> {
  return { small: await addPicture(peer, size >> 2), large: await addPicture(peer, size), blur: new Uint8Array(8), alt: '' }
}

/** A person whose posts each have a picture of so many bytes */
export async function writeWall (peer: Peer, posts: number, pictureBytes: number): Promise<void> {
  await peer.join('Ada')

  for (let i = 0; i < posts; i++) {
    await peer.posts.post({ text: `Post ${i}`, images: [await addImage(peer, pictureBytes)] })
  }
}

/** What is on a wall, as text that can be compared */
export async function wallText ({ walls, account }: Peer, space = account.requireMe().space): Promise<string> {
  return JSON.stringify((await walls.open(space)).view())
}
