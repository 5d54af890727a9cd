import { toString as qrCode } from 'qrcode'
import type { Relay } from '../index.ts'

/** What a program that started this one reads: one line of JSON */
export function readyLine (relay: Relay): string {
  return JSON.stringify({
    event: 'ready',
    url: relay.origin,
    peer: relay.peerId.toString(),
    invite: relay.invite,
    addrs: relay.info.addrs,
    stun: relay.info.stun,
    ...relay.address
  })
}

/** What a person reads */
export async function greeting (relay: Relay, dataDir: string, hasClient: boolean): Promise<string> {
  const { invite } = relay
  const lines = [
    '',
    hasClient ? `  Open in a browser:  ${relay.origin}` : '  There is no web client here: build it, or point --client to it.',
    `  Keys are kept in:   ${dataDir}`,
    '',
    '  Whoever has this link can use this relay:',
    '',
    `  ${invite}`,
    '',
    await qrCode(invite, { type: 'terminal', small: true, errorCorrectionLevel: 'L' }),
    '  Ctrl+C stops it.',
    ''
  ]

  return lines.join('\n')
}
