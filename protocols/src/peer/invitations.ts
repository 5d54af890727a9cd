/** Links to one's own wall, and what is remembered of the links of others. */
import { createInvite, encodeInvite } from '../invite/index.ts'
import { MAX_PEERS_OF_ONE } from './constants.ts'
import { NoRelayError } from './errors.ts'
import type { Peer } from './index.ts'
import type { Life, Parts } from './parts.ts'

export type Invitations = Pick<Peer, 'createInvite' | 'createPublicLink' | 'acceptInvite'>

export function createInvitations (
  { account, clock, relays, settings, tokens, walls }: Pick<Parts, 'account' | 'clock' | 'relays' | 'settings' | 'tokens' | 'walls'>,
  life: Pick<Life, 'run' | 'callAll'>
): Invitations {
  async function link (token?: Uint8Array): Promise<string> {
    const { network } = await life.run()
    const { identity, space } = account.requireMe()

    if (relays.list().length === 0) {
      throw new NoRelayError('There is no relay yet through which others could reach you')
    }

    const name = (await walls.open(space)).view().profile?.name

    return encodeInvite(createInvite({
      identity,
      rec: (await account.record()).record.seq,
      relays: relays.list(),
      ...(name == null ? {} : { name }),
      ...(token == null ? {} : { token, devices: [network.peerId.toString(), ...await settings.ownPeers.get()] })
    }))
  }

  return {
    createInvite: async ({ uses, lifetime }) => link(await tokens.issue({ uses, expires: clock.now() + lifetime })),
    createPublicLink: async () => link(),

    async acceptInvite (invite) {
      const { token } = invite

      if (token == null || invite.identity === account.me()?.identity) {
        return
      }

      await settings.contacts.update(contacts => {
        const known = contacts.find(({ identity }) => identity === invite.identity)

        return [...contacts.filter(contact => contact !== known), {
          identity: invite.identity,
          name: known?.name ?? invite.name ?? '',
          peers: [...new Set([...known?.peers ?? [], ...invite.devices])].slice(-MAX_PEERS_OF_ONE),
          relays: invite.relays,
          token
        }]
      })
      life.callAll()
    }
  }
}
