import { expect } from 'aegir/chai'
import { en } from '../src/words/en.ts'
import { createFormat } from '../src/words/format.ts'
import { chooseLanguage } from '../src/words/languages.ts'
import { archive } from '../src/words/pages/archive.ts'
import { devices } from '../src/words/pages/devices.ts'
import { recoveryWords } from '../src/words/pages/recovery-words.ts'
import { zhCn } from '../src/words/zh-cn.ts'
import type { Language } from '../src/words/index.tsx'

/** Catalogues that are loaded with their pages */
const PAGES = { archive, devices, recoveryWords }

/** What is the same in both languages on purpose */
const SAME = new Set<string>([])

/** Every string of a catalogue by its path; those with parameters as they come out for 3 */
function flatten (words: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>()

  for (const [key, value] of Object.entries(words)) {
    const at = path === '' ? key : `${path}.${key}`

    if (typeof value === 'string') {
      flat.set(at, value)
    } else if (typeof value === 'function') {
      flat.set(at, String(value(3, 3)))
    } else {
      for (const [inner, text] of flatten(value, at)) {
        flat.set(inner, text)
      }
    }
  }

  return flat
}

describe('words', () => {
  const pagesIn = (language: Language): object => Object.fromEntries(Object.entries(PAGES).map(([page, catalogues]) => [page, catalogues[language]]))
  const english = flatten({ ...en, ...pagesIn('en') })
  const chinese = flatten({ ...zhCn, ...pagesIn('zh-CN') })

  it('says everything in both languages', () => {
    expect([...chinese.keys()].sort()).to.deep.equal([...english.keys()].sort())

    for (const [key, text] of [...english, ...chinese]) {
      expect(text.trim(), key).to.not.equal('')
    }
  })

  it('leaves nothing untranslated', () => {
    for (const [key, text] of chinese) {
      if (!SAME.has(key)) {
        expect(text, key).to.not.equal(english.get(key))
        expect(/\p{Script=Han}/u.test(text) || !/[A-Za-z]{3}/.test(text), key).to.equal(true)
      }
    }
  })

  it('calls a wall 主页 in Chinese, never 墙', () => {
    for (const [key, text] of chinese) {
      expect(text, key).to.not.include('墙')
    }
  })

  it('uses no jargon off the technical details', () => {
    for (const [key, text] of english) {
      if (!['connection.peer', 'connection.address', 'settings.backupLead'].includes(key)) {
        expect(text, key).to.not.match(/\b(peer|node|multiaddr|CID|hash|key|token|protocol|p2p|mesh|server|identity|user|account)s?\b/i)
      }
    }
  })

  it('counts as the language does', () => {
    expect(en.timeline.newPosts(1)).to.equal('1 new post')
    expect(en.timeline.newPosts(1200)).to.equal('1,200 new posts')
    expect(zhCn.timeline.newPosts(2)).to.equal('2 条新内容')
  })

  it('chooses the first language it knows', () => {
    expect(chooseLanguage(['de-DE', 'zh-Hant-TW', 'en'])).to.equal('zh-CN')
    expect(chooseLanguage(['de-DE', 'en-GB'])).to.equal('en')
    expect(chooseLanguage(['de-DE'])).to.equal('en')
    expect(chooseLanguage([])).to.equal('en')
  })

  it('tells how long ago something was', () => {
    const format = createFormat('en')
    const now = Date.UTC(2026, 5, 15, 12)

    expect(format.ago(now + 5000, now)).to.equal('now')
    expect(format.ago(now - 5 * 60_000, now)).to.equal('5 minutes ago')
    expect(format.ago(now - 3 * 3_600_000, now)).to.equal('3 hours ago')
    expect(format.ago(now - 2 * 86_400_000, now)).to.equal('2 days ago')
    expect(format.ago(now - 40 * 86_400_000, now)).to.match(/May/)
    expect(format.ago(now - 400 * 86_400_000, now)).to.match(/2025/)
    expect(createFormat('zh-CN').ago(now - 5 * 60_000, now)).to.equal('5分钟前')
  })

  it('writes amounts', () => {
    const format = createFormat('en')

    expect(format.bytes(999)).to.equal('999 byte')
    expect(format.bytes(1_240_000)).to.equal('1.2 MB')
    expect(format.bytes(0)).to.equal('0 byte')
  })
})
