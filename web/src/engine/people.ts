import { decodeInvite, identityFromText, publicWall } from '@pergola/protocols'
import { guard, problem } from './problems.ts'
import type { EngineComponents } from './components.ts'
import type { Engine } from './contract.ts'
import type { Invite } from '@pergola/protocols'

const DEFAULT_INVITE_USES = 10
const DEFAULT_INVITE_DAYS = 30
const DAY_MS = 86_400_000

/** How people come to each other's walls: links, joining, following */
export function peopleArea ({ peer, views, session, invited }: EngineComponents): Pick<Engine, 'openLink' | 'join' | 'follow' | 'unfollow' | 'invite' | 'publicLink'> {
  return {
    openLink: async text => guard(async () => {
      const invite = readLink(text)
      const space = publicWall(invite.identity)

      if (invite.relays.length > 0) {
        invited.set(space, invite)
        await peer.acceptInvite(invite)
        await session.refresh()
      }

      const wall = await peer.walls.open(space)
      const person = views.person(invite.identity, wall.view().profile)

      return person.name === '' && invite.name != null ? { ...person, name: invite.name } : person
    }),

    join: async ({ name }) => guard(async () => {
      if (name.trim() === '') {
        throw problem('name-empty', 'The name is empty')
      }

      await peer.join(name.trim())
      navigator.storage?.persist?.().then(async () => session.refresh()).catch(() => {})

      for (const [space, invite] of invited) {
        await peer.follow(space, invite.relays)
      }

      invited.clear()
      await session.refresh()
    }),

    follow: async id => guard(async () => {
      const space = publicWall(identityFromText(id))

      await peer.follow(space, invited.get(space)?.relays ?? [])
      await session.refresh()
    }),

    unfollow: async id => guard(async () => {
      await peer.unfollow(publicWall(identityFromText(id)))
      await session.refresh()
    }),

    invite: async (options = {}) => guard(async () => linkHere(await peer.createInvite({
      uses: options.uses ?? DEFAULT_INVITE_USES, lifetime: (options.days ?? DEFAULT_INVITE_DAYS) * DAY_MS
    }))),

    publicLink: async () => guard(async () => linkHere(await peer.createPublicLink()))
  }
}

/** A link that was read, or the id of a person that somebody typed */
function readLink (text: string): Invite {
  const typed = text.trim()

  return /^k[0-9a-z]{20,}$/i.test(typed) ? { v: 1, identity: identityFromText(typed), relays: [], devices: [], rec: 0 } : decodeInvite(text)
}

/** Page addresses hold no more than the document's: what is secret stands behind the `#` */
function linkHere (fragment: string): string {
  return `${location.origin}${location.pathname}#i=${fragment}`
}
