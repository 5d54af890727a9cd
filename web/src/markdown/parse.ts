/**
 * The subset of Markdown that posts use, read into a tree. There is no HTML in it: what is not one of these forms is text.
 * Pure, and linear but for bounded nesting: text comes from strangers.
 */

import { MAX_DEPTH, parseInline } from './inline.ts'
import type { Inline } from './inline.ts'

export type Block =
  | { kind: 'paragraph', children: Inline[] }
  | { kind: 'quote', children: Block[] }
  | { kind: 'list', ordered: boolean, start: number, items: Inline[][] }
  | { kind: 'code', text: string }

const FENCE = /^ {0,3}```/
const QUOTE = /^ {0,3}> ?/
const BULLET = /^ {0,3}[-*+] +/
const NUMBER = /^ {0,3}(\d{1,9})[.)] +/

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
