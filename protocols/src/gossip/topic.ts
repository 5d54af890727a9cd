import { base64url } from 'multiformats/bases/base64'
import { sha256, withDomain } from '../hash.ts'
import { idBytes } from '../ids.ts'
import type { SpaceId } from '../ids.ts'

const DOMAIN = 'pergola/topic/1'
const PREFIX = '/pergola/1/'
const TOPIC_BYTES = 16
const TOPIC = /^\/pergola\/1\/[A-Za-z0-9_-]{22}$/

/** The topic of a space: says nothing about the space to who does not know it */
export function topicOf (space: SpaceId): string {
  const digest = sha256(withDomain(DOMAIN, idBytes(space))).subarray(0, TOPIC_BYTES)

  return PREFIX + base64url.baseEncode(digest)
}

/** Whether a text has the form of a topic of ours; any other is not remembered */
export function isTopic (text: string): boolean {
  return TOPIC.test(text)
}
