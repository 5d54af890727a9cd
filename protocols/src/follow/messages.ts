import { peerIdFromString } from '@libp2p/peer-id'
import { decodeCanonical, encode, readArray, readBoolean, readBytes, readMap, readOpenMap, readText, readUint } from '../codec/index.ts'
import { MalformedError } from '../errors.ts'
import { idBytes, KEY_BYTES, spaceId } from '../ids.ts'
import { MAX_FOLLOW_BYTES, MAX_SOURCE_ADDRESS_BYTES, MAX_SOURCE_ADDRESSES, MAX_SOURCE_PATH_BYTES, MAX_SOURCE_PEER_BYTES, MAX_SOURCES } from './constants.ts'
import type { SpaceId } from '../ids.ts'
import type { RelayInfo } from '../relay-info/index.ts'

/** What a client asks of its relay for one space. Neither `want` nor `offer` takes back what it asked before */
export interface FollowRequest {
  space: SpaceId
  /** Keep it coming: true unless said otherwise */
  want?: boolean
  /** I hold it and serve it: false unless said otherwise */
  offer?: boolean
  /** Public relays of the author, best first. Never a private one: what stands here is told to a relay, and by it to nobody */
  sources?: RelayInfo[]
}

/** `cap`: this client, or all together, have as many as the relay keeps. `policy`: the operator does not want it. `malformed`: it could not be read */
export type FollowRefusal = 'cap' | 'policy' | 'malformed'

/** `coming`: the relay is in step with one of the sources that this client named */
export type FollowAnswer = { ok: true, coming?: true } | { ok: false, reason: FollowRefusal }

/** What a relay says by itself: the client announced more topics than this */
export interface TopicsNotice {
  topics: number
}

/** What a relay says by itself: a space comes through it from now on, or no longer */
export interface ComingNotice {
  space: SpaceId
  coming: boolean
}

const REFUSALS: readonly string[] = ['cap', 'policy', 'malformed'] satisfies FollowRefusal[]

function readSource (value: unknown): RelayInfo {
  const fields = readMap(value, 'A source', ['addrs', 'path', 'peer'])
  const text = readText(fields.peer, 'The peer of a source', MAX_SOURCE_PEER_BYTES)
  let peer: string

  try {
    // one peer has several texts
    peer = peerIdFromString(text).toString()
  } catch (err) {
    throw new MalformedError('The peer of a source must be a PeerId', { cause: err })
  }

  return {
    peer,
    addrs: readArray(fields.addrs, 'The addresses of a source', MAX_SOURCE_ADDRESSES)
      .map(address => readText(address, 'An address of a source', MAX_SOURCE_ADDRESS_BYTES)),
    path: readText(fields.path, 'The path of a source', MAX_SOURCE_PATH_BYTES)
  }
}

/** Sources beyond the second, and what a relay need not know of them, are left out */
export function encodeRequest ({ space, want = true, offer = false, sources = [] }: FollowRequest): Uint8Array {
  return encode({
    space: idBytes(space),
    want,
    offer,
    sources: sources.slice(0, MAX_SOURCES).map(({ peer, addrs, path }) => ({ peer, addrs: addrs.slice(0, MAX_SOURCE_ADDRESSES), path }))
  })
}

export function encodeNotice (notice: TopicsNotice | ComingNotice): Uint8Array {
  return encode('topics' in notice ? { topics: notice.topics } : { space: idBytes(notice.space), coming: notice.coming })
}

/**
 * A frame tells by its fields what it is.
 *
 * @throws {LimitExceededError | MalformedError}
 */
export function decodeRequest (bytes: Uint8Array): Required<FollowRequest> | TopicsNotice | ComingNotice {
  const value = decodeCanonical(bytes, { maxBytes: MAX_FOLLOW_BYTES, maxDepth: 8, maxItems: 64 })

  const open = readOpenMap(value, 'A request')

  if (Object.hasOwn(open, 'topics')) {
    return { topics: readUint(readMap(value, 'A notice', ['topics']).topics, 'The number of topics') }
  }

  if (Object.hasOwn(open, 'coming')) {
    const { space, coming } = readMap(value, 'A notice', ['space', 'coming'])

    return { space: spaceId(readBytes(space, 'A space', KEY_BYTES)), coming: readBoolean(coming, 'coming') }
  }

  const fields = readMap(value, 'A request', ['space', 'want', 'offer', 'sources'])

  return {
    space: spaceId(readBytes(fields.space, 'A space', KEY_BYTES)),
    want: readBoolean(fields.want, 'want'),
    offer: readBoolean(fields.offer, 'offer'),
    sources: readArray(fields.sources, 'The sources', MAX_SOURCES).map(readSource)
  }
}

export function encodeAnswer (answer: FollowAnswer): Uint8Array {
  return encode(answer)
}

/** @throws {LimitExceededError | MalformedError} */
export function decodeAnswer (bytes: Uint8Array): FollowAnswer {
  const value = decodeCanonical(bytes, { maxBytes: MAX_FOLLOW_BYTES, maxDepth: 8, maxItems: 64 })
  const fields = readMap(value, 'An answer', ['ok'], ['coming', 'reason'])

  if (readBoolean(fields.ok, 'ok')) {
    return fields.coming != null && readBoolean(fields.coming, 'coming') ? { ok: true, coming: true } : { ok: true }
  }

  const reason = readText(fields.reason, 'A reason', 32)

  // a later version may have more reasons; all of them mean that the client helps itself
  return { ok: false, reason: REFUSALS.includes(reason) ? reason as FollowRefusal : 'policy' }
}
