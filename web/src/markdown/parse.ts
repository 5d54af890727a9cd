/**
 * The subset of Markdown that posts use, read into a tree. There is no HTML in it: what is not one of these forms is text.
 * Pure, and linear but for bounded nesting: text comes from strangers.
 */

export type Block =
  | { kind: 'paragraph', children: Inline[] }
  | { kind: 'quote', children: Block[] }
  | { kind: 'list', ordered: boolean, start: number, items: Inline[][] }
  | { kind: 'code', text: string }

export type Inline =
  | { kind: 'text', text: string }
  | { kind: 'break' }
  | { kind: 'code', text: string }
  | { kind: 'strong', children: Inline[] }
  | { kind: 'emphasis', children: Inline[] }
  | { kind: 'link', href: string, children: Inline[] }

/** Deeper quotes and emphasis stay text */
export const MAX_DEPTH = 6

/** A link's target is looked for no further than this */
const MAX_LINK_CHARACTERS = 2048

const FENCE = /^ {0,3}```/
const QUOTE = /^ {0,3}> ?/
const BULLET = /^ {0,3}[-*+] +/
const NUMBER = /^ {0,3}(\d{1,9})[.)] +/
const BARE_LINK = /^https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef]+/

export function parseMarkdown (text: string): Block[] {
  return parseBlocks(text.replace(/\r\n?/g, '\n').split('\n'), 0)
}

function parseBlocks (lines: string[], depth: number): Block[] {
  const blocks: Block[] = []
  let at = 0

  const take = (belongs: (line: string) => boolean): string[] => {
    const from = at

    while (at < lines.length && belongs(lines[at])) {
      at++
    }

    return lines.slice(from, at)
  }

  while (at < lines.length) {
    const line = lines[at]

    if (line.trim() === '') {
      at++
    } else if (FENCE.test(line)) {
      at++
      blocks.push({ kind: 'code', text: take(line => !FENCE.test(line)).join('\n') })
      at++
    } else if (QUOTE.test(line) && depth < MAX_DEPTH) {
      blocks.push({ kind: 'quote', children: parseBlocks(take(line => QUOTE.test(line)).map(line => line.replace(QUOTE, '')), depth + 1) })
    } else if (BULLET.test(line)) {
      blocks.push({ kind: 'list', ordered: false, start: 1, items: parseItems(take(line => BULLET.test(line) || /^ {2,}\S/.test(line)), BULLET) })
    } else if (NUMBER.test(line)) {
      const start = Number(NUMBER.exec(line)?.[1] ?? 1)

      blocks.push({ kind: 'list', ordered: true, start, items: parseItems(take(line => NUMBER.test(line) || /^ {2,}\S/.test(line)), NUMBER) })
    } else {
      const first = at++
      const rest = take(line => line.trim() !== '' && !FENCE.test(line) && !(QUOTE.test(line) && depth < MAX_DEPTH) && !BULLET.test(line) && !NUMBER.test(line))

      blocks.push({ kind: 'paragraph', children: parseInline([lines[first], ...rest].map(line => line.trim()).join('\n')) })
    }
  }

  return blocks
}

function parseItems (lines: string[], marker: RegExp): Inline[][] {
  const items: string[] = []

  for (const line of lines) {
    if (marker.test(line) || items.length === 0) {
      items.push(line.replace(marker, ''))
    } else {
      items[items.length - 1] += '\n' + line.trim()
    }
  }

  return items.map(item => parseInline(item))
}

/** Emphasis, code, links and line breaks within one paragraph */
export function parseInline (text: string, depth = 0): Inline[] {
  const parts: Inline[] = []
  const closers = new Map<string, number>()
  let plain = ''
  let at = 0

  const flush = (): void => {
    if (plain !== '') {
      parts.push({ kind: 'text', text: plain })
      plain = ''
    }
  }
  const add = (part: Inline, end: number): void => {
    flush()
    parts.push(part)
    at = end
  }

  // remembers that a mark is not there any more, so that text full of openers stays linear
  const closing = (mark: string, from: number): number => {
    const known = closers.get(mark)

    if (known === -1 || (known != null && known >= from)) {
      return known
    }

    const found = text.indexOf(mark, from)

    closers.set(mark, found)

    return found
  }

  while (at < text.length) {
    const char = text[at]

    if (char === '\\' && /[\\`*_[\]()>#+.!~-]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
      continue
    }

    if (char === '\n') {
      add({ kind: 'break' }, at + 1)
      continue
    }

    if (char === '`') {
      const end = closing('`', at + 1)

      if (end > at + 1) {
        add({ kind: 'code', text: text.slice(at + 1, end) }, end + 1)
        continue
      }
    }

    if ((char === '*' || char === '_') && depth < MAX_DEPTH) {
      const mark = text[at + 1] === char ? char + char : char
      const end = opens(text, at, mark) ? closes(text, closing(mark, at + mark.length + 1), mark) : -1

      if (end !== -1) {
        const children = parseInline(text.slice(at + mark.length, end), depth + 1)

        add(mark.length === 2 ? { kind: 'strong', children } : { kind: 'emphasis', children }, end + mark.length)
        continue
      }
    }

    if (char === '[' && depth < MAX_DEPTH) {
      const link = readLink(text, at, closing)

      if (link != null) {
        add({ kind: 'link', href: link.href, children: parseInline(link.label, MAX_DEPTH + 1) }, link.end)
        continue
      }
    }

    if (char === 'h' && depth <= MAX_DEPTH && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) {
      const found = BARE_LINK.exec(text.slice(at, at + MAX_LINK_CHARACTERS))?.[0].replace(/[.,;:!?)\]*_]+$/, '')
      const href = found == null ? undefined : safeHref(found)

      if (found != null && href != null) {
        add({ kind: 'link', href, children: [{ kind: 'text', text: found }] }, at + found.length)
        continue
      }
    }

    plain += char
    at++
  }

  flush()

  return parts
}

function opens (text: string, at: number, mark: string): boolean {
  const after = text[at + mark.length] ?? ' '

  // snake_case and 2 * 3 are no emphasis
  return !/\s/.test(after) && after !== mark[0] && !(mark[0] === '_' && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ''))
}

function closes (text: string, end: number, mark: string): number {
  if (end === -1 || /\s/.test(text[end - 1])) {
    return -1
  }

  if (mark.length === 1 && text[end + 1] === mark) {
    return -1
  }

  return mark[0] === '_' && /[\p{L}\p{N}]/u.test(text[end + mark.length] ?? '') ? -1 : end
}

function readLink (text: string, at: number, closing: (mark: string, from: number) => number): { label: string, href: string, end: number } | undefined {
  const middle = closing('](', at + 1)

  if (middle <= at + 1) {
    return undefined
  }

  const end = closing(')', middle + 2)
  const label = text.slice(at + 1, middle)

  if (end === -1 || end - middle > MAX_LINK_CHARACTERS || /[[\n]/.test(label.slice(0, MAX_LINK_CHARACTERS))) {
    return undefined
  }

  const href = safeHref(text.slice(middle + 2, end).trim())

  return href == null ? undefined : { label, href, end: end + 1 }
}

/** The address if it leads to the web or to a mailbox, undefined for everything else */
export function safeHref (address: string): string | undefined {
  if (!/^(https?:\/\/|mailto:)/i.test(address) || !URL.canParse(address)) {
    return undefined
  }

  const url = new URL(address)

  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
