/** Reads a wall with nothing but its public link, and writes down everything this process was told. Arguments: the link, a file, how many posts there are. */
import { decodeInvite, publicWall } from '@pergola/protocols'
import { hearEverything } from './hear.ts'
import { say, startPeer, toText } from './people.ts'

const [link, file, count] = process.argv.slice(2)
const writeDown = hearEverything()
const { peer, inside } = await startPeer()
const identified: unknown[] = []

inside.events.addEventListener('peer:identify', ({ detail }) => { identified.push({ ...detail, connection: undefined }) })

const invite = decodeInvite(link)
const space = publicWall(invite.identity)

await peer.acceptInvite(invite)

const watch = await peer.watch(space, invite.relays)

await watch.caughtUp({ signal: AbortSignal.timeout(30_000) })

const wall = await peer.walls.open(space)

// the relay keeps nothing: it is caught up with what it holds before it has fetched the rest
while (wall.view().posts.length < Number(count)) {
  await new Promise(resolve => { peer.walls.addEventListener('wall:changed', resolve, { once: true }) })
}

const { posts } = wall.view()
const [image] = posts.flatMap(({ images }) => images ?? [])
const picture = await peer.fetch(space, image.small, { signal: AbortSignal.timeout(30_000) })

await writeDown(file)
say('read', {
  posts: posts.length,
  bytes: picture.length,
  told: toText({
    identified,
    peers: await inside.peerStore.all(),
    connections: inside.connectionManager.getConnections().map(({ remoteAddr, remotePeer }) => ({ address: remoteAddr.toString(), peer: remotePeer.toString() })),
    connection: peer.connection(),
    invite
  })
})
