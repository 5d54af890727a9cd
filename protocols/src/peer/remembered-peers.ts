import { MAX_PEERS_OF_ONE } from './constants.ts'
import type { Contact, Settings } from './settings.ts'

/** Keeps the transport id of somebody who proved who they are: of a contact, with the relays they named, or of an own device */
export async function rememberPeer (settings: Pick<Settings, 'contacts' | 'ownPeers'>, peer: string, contact?: Pick<Contact, 'identity' | 'relays'>): Promise<void> {
  const withPeer = (peers: string[]): string[] => peers.includes(peer) ? peers : [...peers, peer].slice(-MAX_PEERS_OF_ONE)

  if (contact == null) {
    await settings.ownPeers.update(withPeer)
    return
  }

  const { identity, relays } = contact

  await settings.contacts.update(contacts => {
    const known = contacts.find(candidate => candidate.identity === identity) ?? { identity, name: '', peers: [], relays: [] }

    return [...contacts.filter(candidate => candidate !== known), { ...known, peers: withPeer(known.peers), relays: relays.length === 0 ? known.relays : relays }]
  })
}
