import { readFile } from 'node:fs/promises'
import { expect } from 'aegir/chai'
import { startTestApp } from './browser/test-app.ts'
import type { TestApp } from './browser/test-app.ts'
import type {} from './app/main.tsx'
import type { Page } from 'playwright-core'

describe('composer', () => {
  let app: TestApp
  let picture: { name: string, mimeType: string, buffer: Buffer }

  before(async () => {
    app = await startTestApp()
    picture = { name: 'lake.png', mimeType: 'image/png', buffer: await readFile(new URL('../public/icon-192.png', import.meta.url)) }
  })
  after(async () => { await app.stop() })
  afterEach(async () => { expect(await app.close()).to.deep.equal([]) })

  async function posted (page: Page): Promise<Array<{ text: string, warning?: string, lang?: string, pictures: Array<{ alt: string }> }>> {
    return page.evaluate(() => window.testEngine.calls.filter(call => call.name === 'post').map(call => {
      const { text, warning, lang, pictures } = call.args[0] as { text: string, warning?: string, lang?: string, pictures: Array<{ alt: string }> }

      return { text, lang, ...warning == null ? {} : { warning }, pictures: pictures.map(({ alt }) => ({ alt })) }
    }))
  }

  /** Waits until the browser keeps pictures with just these descriptions */
  async function keptPictures (page: Page, alts: string[]): Promise<void> {
    await page.waitForFunction(async alts => new Promise<boolean>(resolve => {
      const opening = indexedDB.open('notes-drafts')

      // only the page itself may make it
      opening.onupgradeneeded = () => { opening.transaction?.abort() }
      opening.onerror = () => { resolve(false) }
      opening.onsuccess = () => {
        const reading = opening.result.transaction('pictures').objectStore('pictures').getAll()

        reading.onsuccess = () => {
          opening.result.close()
          resolve(JSON.stringify(reading.result.map(({ alt }: { alt: string }) => alt).sort()) === JSON.stringify(alts))
        }
      }
    }), alts)
  }

  it('posts text with a picture, its description and a warning', async () => {
    const page = await app.open('empty')

    await page.getByLabel('Write something').fill('At the **lake**')
    await page.locator('input[type=file]').setInputFiles([picture, picture])
    await page.getByLabel('Describe picture 1').fill('A frozen lake')
    await page.getByRole('button', { name: 'Remove picture 2' }).click()
    await page.getByRole('button', { name: 'Content warning' }).click()
    await page.getByRole('textbox', { name: 'Content warning' }).fill('Cold')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('article').getByText('Cold').waitFor()
    expect(await posted(page)).to.deep.equal([{ text: 'At the **lake**', lang: 'en', warning: 'Cold', pictures: [{ alt: 'A frozen lake' }] }])
    expect(await page.getByLabel('Write something').inputValue()).to.equal('')
    expect(await page.getByRole('article').getByText('lake').count()).to.equal(0)
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('article').locator('strong', { hasText: 'lake' }).waitFor()
    await page.getByRole('button', { name: 'Open picture: A frozen lake' }).waitFor()
  })

  it('takes pictures that are pasted or dropped, and nothing else', async () => {
    const page = await app.open('empty')
    const give = async (event: 'paste' | 'drop', type: string): Promise<void> => {
      await page.getByLabel('Write something').evaluate((area, { event, type, bytes }) => {
        const transfer = new DataTransfer()

        transfer.items.add(new File([new Uint8Array(bytes)], 'file', { type }))
        area.dispatchEvent(event === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, { event, type, bytes: [...picture.buffer] })
    }

    await give('paste', 'image/png')
    await page.getByLabel('Describe picture 1').waitFor()
    await give('drop', 'image/png')
    await page.getByLabel('Describe picture 2').waitFor()
    await give('drop', 'application/pdf')
    await page.getByText('Only pictures can be added.').waitFor()
    expect(await page.getByRole('list', { name: 'Pictures' }).getByRole('listitem').count()).to.equal(2)
  })

  it('holds 20 pictures and says so at the 21st', async () => {
    const page = await app.open('empty')

    await page.locator('input[type=file]').setInputFiles(Array.from({ length: 21 }, () => picture))
    await page.getByText('A post holds 20 pictures at most.').waitFor()
    expect(await page.getByRole('list', { name: 'Pictures' }).getByRole('listitem').count()).to.equal(20)
  })

  it('says how much too long a text is, and does not post it', async () => {
    const page = await app.open('empty')

    await page.getByLabel('Write something').fill('x'.repeat(16 * 1024))
    await page.getByText('0 characters left').waitFor()
    expect(await page.getByRole('button', { name: 'Post', exact: true }).isEnabled()).to.equal(true)
    await page.getByLabel('Write something').fill('x'.repeat(16 * 1024 + 1))
    await page.getByText('1 character too many').waitFor()
    expect(await page.getByRole('button', { name: 'Post', exact: true }).isEnabled()).to.equal(false)
    await page.getByLabel('Write something').press('Control+Enter')
    expect(await posted(page)).to.deep.equal([])
  })

  it('never posts while an input method composes', async () => {
    const page = await app.open('empty', { language: 'zh-CN' })
    const area = page.getByLabel('写点什么')
    const keyboard = await page.context().newCDPSession(page)

    await area.focus()
    await keyboard.send('Input.imeSetComposition', { text: 'nihao', selectionStart: 5, selectionEnd: 5 })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+Enter')
    await area.evaluate(area => {
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true }))
      area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, keyCode: 229, bubbles: true }))
    })
    expect(await posted(page)).to.deep.equal([])
    await area.fill('你好')
    await page.keyboard.press('Enter')
    expect(await posted(page)).to.deep.equal([])
    await page.keyboard.press('Control+Enter')
    await page.getByRole('article').getByText('你好').waitFor()
    expect(await posted(page)).to.deep.equal([{ text: '你好', lang: 'zh-CN', pictures: [] }])
  })

  it('keeps what is typed over a reload, until it is posted', async () => {
    const page = await app.open('empty')

    await page.getByLabel('Write something').fill('Half a thou')
    await page.getByRole('button', { name: 'Content warning' }).click()
    await page.getByRole('textbox', { name: 'Content warning' }).fill('Unfinished')
    await page.reload()
    await page.getByLabel('Write something').waitFor()
    expect(await page.getByLabel('Write something').inputValue()).to.equal('Half a thou')
    expect(await page.getByRole('textbox', { name: 'Content warning' }).inputValue()).to.equal('Unfinished')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('article').getByText('Unfinished').waitFor()
    await page.reload()
    await page.getByLabel('Write something').waitFor()
    expect(await page.getByLabel('Write something').inputValue()).to.equal('')
  })

  it('keeps pictures with their descriptions over a reload and on other pages, until they are posted', async () => {
    const page = await app.open('empty')
    const files = page.locator('.composer input[type=file]')
    const list = page.getByRole('list', { name: 'Pictures' })

    await files.setInputFiles([picture, { ...picture, name: 'second.png' }, { ...picture, name: 'third.png' }])
    await page.getByLabel('Describe picture 1').fill('A frozen lake')
    await page.getByLabel('Describe picture 3').fill('Skates')
    await page.getByRole('button', { name: 'Remove picture 2' }).click()
    await keptPictures(page, ['A frozen lake', 'Skates'])
    await page.reload()
    await page.getByLabel('Describe picture 2').waitFor()
    expect(await list.getByRole('listitem').count()).to.equal(2)
    expect(await page.getByLabel('Describe picture 1').inputValue()).to.equal('A frozen lake')
    expect(await page.getByLabel('Describe picture 2').inputValue()).to.equal('Skates')
    expect(await page.getByRole('img', { name: 'Picture 1' }).evaluate(async image => { await (image as HTMLImageElement).decode() })).to.equal(undefined)
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('link', { name: 'My wall' }).click()
    await page.getByLabel('Describe picture 2').waitFor()
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('button', { name: 'Open picture: Skates' }).waitFor()
    expect(await posted(page)).to.deep.equal([{ text: '', lang: 'en', pictures: [{ alt: 'A frozen lake' }, { alt: 'Skates' }] }])
    await keptPictures(page, [])
    await page.reload()
    await page.getByLabel('Write something').waitFor()
    expect(await list.count()).to.equal(0)
  })

  it('says when pictures are too large to be kept: one byte more than 256 MiB', async () => {
    const page = await app.open('empty')

    await page.locator('.composer input[type=file]').setInputFiles([picture])
    await page.getByLabel('Describe picture 1').fill('Small')
    await keptPictures(page, ['Small'])
    await page.getByLabel('Write something').evaluate((area, size) => {
      const part = new Blob([new Uint8Array(1024 * 1024)])
      const rest = 256 * 1024 * 1024 - size + 1
      const parts = Array.from({ length: Math.ceil(rest / part.size) }, (_, n) => part.slice(0, rest - n * part.size))
      const transfer = new DataTransfer()

      transfer.items.add(new File(parts, 'huge.png', { type: 'image/png' }))
      area.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    }, picture.buffer.length)
    await page.getByText('Not all of these pictures can be kept here.').waitFor()
    await keptPictures(page, ['Small'])
    await page.getByRole('button', { name: 'Remove picture 2' }).click()
    await page.getByText('Not all of these pictures can be kept here.').waitFor({ state: 'detached' })
  })

  it('keeps everything when posting fails, and says why', async () => {
    const page = await app.open('empty')

    await page.getByLabel('Write something').fill('Important')
    await page.locator('input[type=file]').setInputFiles([picture])
    await page.getByLabel('Describe picture 1').fill('Me')
    await page.evaluate(() => { window.testEngine.fail('post', { code: 'storage-full', detail: '' }) })
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByText('There is no space left on this device.').waitFor()
    expect(await page.getByLabel('Write something').inputValue()).to.equal('Important')
    expect(await page.getByLabel('Describe picture 1').inputValue()).to.equal('Me')
  })

  it('shows amount and speed once it takes longer than a second', async () => {
    const page = await app.open('empty')

    await page.evaluate(() => { window.testEngine.hold() })
    await page.getByLabel('Write something').fill('Slow')
    await page.getByRole('button', { name: 'Post', exact: true }).click()
    await page.getByRole('button', { name: 'Posting…' }).waitFor()
    await page.evaluate(() => { window.testEngine.progress({ unit: 'bytes', done: 400_000, total: 2_000_000, speed: 150_000 }) })
    await page.getByRole('progressbar', { name: 'Progress' }).waitFor()
    await page.getByText('400 kB of 2 MB · 150 kB/s').waitFor()
    await page.evaluate(() => { window.testEngine.release() })
    await page.getByRole('article').getByText('Slow').waitFor()
    expect(await page.getByRole('progressbar').count()).to.equal(0)
  })
})
