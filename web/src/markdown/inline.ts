import { safeHref } from './safe-href.ts'

/** What stands within a paragraph */
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

/** In the label of a link: neither emphasis nor links are read there */
const IN_LABEL = MAX_DEPTH + 1

const BARE_LINK = /^https?:\/\/[^\s<>"'`\u3000-\u303f\uff00-\uffef]+/
const LETTER = /[\p{L}\p{N}]/u

/** The text that is being read, and what is known of it */
interface Reading {
  text: string
  depth: number
  /** Where the mark stands next, -1 when it does not. It remembers, so that a text full of openers takes no longer */
  find (mark: string, from: number): number
}

type Reader = (reading: Reading, at: number) => { part: Inline, end: number } | undefined

const READERS: Record<string, Reader | undefined> = {
  '\n': (_reading, at) => ({ part: { kind: 'break' }, end: at + 1 }),
  '`': readCode,
  '*': readEmphasis,
  _: readEmphasis,
  '[': readLink,
  h: readBareLink
}

/** Emphasis, code, links and line breaks within one paragraph */
export function parseInline (text: string, depth = 0): Inline[] {
  const reading: Reading = { text, depth, find: finder(text) }
  const parts: Inline[] = []
  let plain = ''
  let at = 0

  const flush = (): void => {
    if (plain !== '') {
      parts.push({ kind: 'text', text: plain })
      plain = ''
    }
  }

  while (at < text.length) {
    if (text[at] === '\\' && /[\\`*_[\]()>#+.!~-]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
      continue
    }

    const found = READERS[text[at]]?.(reading, at)

    if (found == null) {
      plain += text[at]
      at++
    } else {
      flush()
      parts.push(found.part)
      at = found.end
    }
  }

  flush()

  return parts
}

function finder (text: string): Reading['find'] {
  const known = new Map<string, number>()

  return (mark, from) => {
    const before = known.get(mark)

    if (before === -1 || (before != null && before >= from)) {
      return before
    }

    const found = text.indexOf(mark, from)

    known.set(mark, found)

    return found
  }
}

function readCode ({ text, find }: Reading, at: number): ReturnType<Reader> {
  const end = find('`', at + 1)

  return end > at + 1 ? { part: { kind: 'code', text: text.slice(at + 1, end) }, end: end + 1 } : undefined
}

function readEmphasis ({ text, depth, find }: Reading, at: number): ReturnType<Reader> {
  const mark = text[at + 1] === text[at] ? text[at] + text[at] : text[at]

  if (depth >= MAX_DEPTH || !opens(text, at, mark)) {
    return undefined
  }

  const end = find(mark, at + mark.length + 1)

  if (end === -1 || !closes(text, end, mark)) {
    return undefined
  }

  const children = parseInline(text.slice(at + mark.length, end), depth + 1)

  return { part: mark.length === 2 ? { kind: 'strong', children } : { kind: 'emphasis', children }, end: end + mark.length }
}

/** `snake_case` and `2 * 3` are no emphasis */
function opens (text: string, at: number, mark: string): boolean {
  const after = text[at + mark.length] ?? ' '

  return !/\s/.test(after) && after !== mark[0] && !(mark[0] === '_' && LETTER.test(text[at - 1] ?? ''))
}

function closes (text: string, end: number, mark: string): boolean {
  const after = text[end + mark.length] ?? ''

  return !/\s/.test(text[end - 1]) && !(mark.length === 1 && after === mark) && !(mark[0] === '_' && LETTER.test(after))
}

function readLink ({ text, depth, find }: Reading, at: number): ReturnType<Reader> {
  const middle = depth < MAX_DEPTH ? find('](', at + 1) : -1

  if (middle <= at + 1) {
    return undefined
  }

  const end = find(')', middle + 2)
  const label = text.slice(at + 1, middle)

  if (end === -1 || end - middle > MAX_LINK_CHARACTERS || /[[\n]/.test(label.slice(0, MAX_LINK_CHARACTERS))) {
    return undefined
  }

  const href = safeHref(text.slice(middle + 2, end).trim())

  return href == null ? undefined : { part: { kind: 'link', href, children: parseInline(label, IN_LABEL) }, end: end + 1 }
}

function readBareLink ({ text, depth }: Reading, at: number): ReturnType<Reader> {
  if (depth === IN_LABEL || !text.startsWith('http', at) || LETTER.test(text[at - 1] ?? '')) {
    return undefined
  }

  const found = BARE_LINK.exec(text.slice(at, at + MAX_LINK_CHARACTERS))?.[0].replace(/[.,;:!?)\]*_]+$/, '')
  const href = found == null ? undefined : safeHref(found)

  return found == null || href == null ? undefined : { part: { kind: 'link', href, children: [{ kind: 'text', text: found }] }, end: at + found.length }
}
