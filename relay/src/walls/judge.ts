import { decodeEntry, decodeRecord, isSendersFault, publicWall, verifyEntry } from '@pergola/protocols'
import { topicOf } from '@pergola/protocols/gossip'
import type { SpaceId } from '@pergola/protocols'
import type { GossipMessage, GossipVerdict } from '@pergola/protocols/gossip'
import type { Log } from '@pergola/protocols/log'

export interface Judge {
  log: Log
  admits (space: SpaceId): boolean
  /** Whether there is room for so many bytes of a space */
  takes (space: SpaceId, bytes: number): Promise<boolean>
}

async function judgeEntry ({ log, admits, takes }: Judge, { topic, bytes }: GossipMessage): Promise<GossipVerdict> {
  const entry = decodeEntry(bytes)
  const { space } = entry.header

  if (topicOf(space) !== topic || !await verifyEntry(entry)) {
    return 'reject'
  }

  // whoever syncs with this relay gets it sooner this way; if its record is not here yet, sync brings both
  if (admits(space) && await takes(space, bytes.length)) {
    await log.ingest(space, [entry])
  }

  return 'accept'
}

async function judgeRecord ({ log, admits }: Judge, { topic, bytes }: GossipMessage): Promise<GossipVerdict> {
  const record = await decodeRecord(bytes)
  const space = publicWall(record.record.identity)

  if (topicOf(space) !== topic) {
    return 'reject'
  }

  if (admits(space)) {
    await log.putRecord(record)
  }

  return 'accept'
}

/** A hub forwards what is well formed and signed; who may write is judged by every reader anew */
export async function judgeMessage (judge: Judge, message: GossipMessage): Promise<GossipVerdict> {
  try {
    switch (message.kind) {
      case 'entry': return await judgeEntry(judge, message)
      case 'record': return await judgeRecord(judge, message)
      default: return 'accept'
    }
  } catch (err) {
    return isSendersFault(err) ? 'reject' : 'ignore'
  }
}
