/** The address if it leads to the web or to a mailbox, undefined for everything else */
export function safeHref (address: string): string | undefined {
  if (!/^(https?:\/\/|mailto:)/i.test(address) || !URL.canParse(address)) {
    return undefined
  }

  const url = new URL(address)

  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
