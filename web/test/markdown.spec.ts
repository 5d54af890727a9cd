import { expect } from 'aegir/chai'
import { parseInline } from '../src/markdown/inline.ts'
import { parseMarkdown } from '../src/markdown/parse.ts'
import { safeHref } from '../src/markdown/safe-href.ts'

const text = (text: string): { kind: 'text', text: string } => ({ kind: 'text', text })

describe('markdown', () => {
  it('reads paragraphs and keeps line breaks', () => {
    expect(parseMarkdown('one\ntwo\n\nthree')).to.deep.equal([
      { kind: 'paragraph', children: [text('one'), { kind: 'break' }, text('two')] },
      { kind: 'paragraph', children: [text('three')] }
    ])
  })

  it('reads bold, italic and code, also within each other', () => {
    expect(parseInline('**a *b* c** _d_ `e*f*`')).to.deep.equal([
      { kind: 'strong', children: [text('a '), { kind: 'emphasis', children: [text('b')] }, text(' c')] },
      text(' '),
      { kind: 'emphasis', children: [text('d')] },
      text(' '),
      { kind: 'code', text: 'e*f*' }
    ])
  })

  it('leaves marks that open nothing as they are', () => {
    for (const plain of ['2 * 3 * 4', 'snake_case_name', '**open', 'a ` b', '[x]', '[x](', '\\', '* * *x'.slice(4)]) {
      expect(parseInline(plain), plain).to.deep.equal([text(plain)])
    }
  })

  it('lets a backslash take a mark its meaning', () => {
    expect(parseInline('\\*not bold\\*')).to.deep.equal([text('*not bold*')])
  })

  it('reads lists, quotes and blocks of code', () => {
    expect(parseMarkdown('- a\n- b\n\n3. c\n4. d\n\n> q\n> > r\n\n```\nx < y\n\n**no**\n```')).to.deep.equal([
      { kind: 'list', ordered: false, start: 1, items: [[text('a')], [text('b')]] },
      { kind: 'list', ordered: true, start: 3, items: [[text('c')], [text('d')]] },
      { kind: 'quote', children: [{ kind: 'paragraph', children: [text('q')] }, { kind: 'quote', children: [{ kind: 'paragraph', children: [text('r')] }] }] },
      { kind: 'code', text: 'x < y\n\n**no**' }
    ])
  })

  it('knows HTML as text only', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).to.deep.equal([{ kind: 'paragraph', children: [text('<img src=x onerror=alert(1)>')] }])
  })

  it('follows links to the web and to mailboxes, and to nothing else', () => {
    expect(parseInline('[a](https://b.example/c)')).to.deep.equal([{ kind: 'link', href: 'https://b.example/c', children: [text('a')] }])
    expect(safeHref('mailto:a@b.example')).to.equal('mailto:a@b.example')

    const script = ['javascript', 'alert(1)'].join(':')

    for (const address of [script, script.replace('j', 'J'), ` ${script}`, 'data:text/html,x', 'file:///etc/passwd', '//b.example', 'https://']) {
      expect(safeHref(address), address).to.equal(undefined)
      expect(parseInline(`[a](${address})`).every(part => part.kind !== 'link'), address).to.equal(true)
    }
  })

  it('makes links of bare addresses, without the punctuation behind them', () => {
    expect(parseInline('see https://b.example/c, or not')).to.deep.equal([
      text('see '),
      { kind: 'link', href: 'https://b.example/c', children: [text('https://b.example/c')] },
      text(', or not')
    ])
    expect(parseInline('看 https://b.example/c。好')[1]).to.deep.equal({ kind: 'link', href: 'https://b.example/c', children: [text('https://b.example/c')] })
  })

  it('puts no link into a link', () => {
    expect(parseInline('[https://a.example](https://b.example)')).to.deep.equal([{ kind: 'link', href: 'https://b.example/', children: [text('https://a.example')] }])
  })

  it('stays quick whatever strangers write', () => {
    for (const piece of ['*', '**', '_', '`', '[', '](', '[a](', '>', '> ', '- ', '*a ', '**a *b ', 'https://', 'h', '\\', '1. ', '```\n', '*_', '[a](b)']) {
      const long = piece.repeat(Math.floor(16 * 1024 / piece.length))
      const start = performance.now()

      parseMarkdown(long)
      expect(performance.now() - start, piece).to.be.below(500)
    }
  })
})
