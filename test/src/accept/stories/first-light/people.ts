import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../../free-port.ts'
import type { Browser } from '../../../chromium.ts'
import type { Program } from '../../../processes.ts'
import type { StoryContext } from '../../story.ts'
import type { Locator, Page } from 'playwright-core'

export interface RelayReady {
  url: string
  peer: string
  invite: string
}

export interface State {
  relay?: Program
  relayUrl: string
  home?: Program
  author?: Browser
  friend?: Browser
  /** The link with a token that the author made for the friend */
  invite: string
  /** The author's public link */
  publicLink: string
  photos: string[]
  /** The backup file */
  backup: string
}

let relayPort: Promise<number> | undefined

export const RELAY_DATA = 'relay'
export const HOME_DATA = 'home'

/** Starts a relay on the same port and data each time, so that it is the same one again */
export async function startRelay (context: StoryContext, options: { name?: string, cache?: 'disk' | 'none', data?: string } = {}): Promise<{ program: Program, ready: RelayReady }> {
  relayPort ??= freePort()

  const program = context.start({
    name: options.name ?? 'relay',
    script: 'relay/dist/src/main.js',
    args: [
      '--json', '--data', join(context.work, options.data ?? RELAY_DATA), '--port', String(await relayPort), '--name', 'Test relay',
      ...(options.cache == null ? [] : ['--cache', options.cache])
    ]
  })

  return { program, ready: await program.event<RelayReady & { event: string }>(({ event }) => event === 'ready', { signal: context.signal }) }
}

export async function startHome (context: StoryContext): Promise<Program> {
  const program = context.start({ name: 'home', script: 'node/dist/src/main.js', args: ['start', '--json', '--data', join(context.work, HOME_DATA)] })

  await program.event<{ event: string }>(({ event }) => event === 'ready', { signal: context.signal })

  return program
}

/** Runs the command line of the home node and resolves with its answer in JSON; the code of a pairing comes before that */
export async function home<Answer extends object> (context: StoryContext, name: string, args: string[]): Promise<Answer> {
  const program = context.start({ name: `home-${name}`, script: 'node/dist/src/main.js', args: [...args, '--json', '--data', join(context.work, HOME_DATA)] })
  const answer = await program.event<Answer>(line => !('code' in line), { signal: context.signal })

  await program.ended

  return answer
}

/** Resolves when the text is on the page */
export async function sees (page: Page, text: string | RegExp, timeout: number = 30_000): Promise<void> {
  await page.getByText(text).first().waitFor({ timeout })
}

export function light (page: Page): Locator {
  return page.getByRole('link', { name: /^Connection: / }).or(page.getByRole('button', { name: /^Connection: / }))
}

export async function isGreen (page: Page, timeout: number = 30_000): Promise<void> {
  await page.getByRole('link', { name: 'Connection: Connected' }).or(page.getByRole('button', { name: 'Connection: Connected' })).waitFor({ timeout })
}

export async function joinAs (page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await page.getByLabel('Write something').waitFor()
}

export async function goTo (page: Page, place: 'Home' | 'People' | 'My wall' | 'Settings'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click()
}

/** Writes through the composer, as a person does */
export async function post (page: Page, text: string, photos: string[] = []): Promise<void> {
  await page.getByLabel('Write something').fill(text)

  if (photos.length > 0) {
    await page.locator('input[type=file]').first().setInputFiles(photos)
    await page.getByLabel(/^Describe picture/).nth(photos.length - 1).waitFor()
  }

  await page.getByRole('button', { name: 'Post', exact: true }).click()
  await page.getByRole('article').filter({ hasText: text.split('\n')[0] }).first().waitFor({ timeout: 60_000 })
}

/** The one post with this text */
export function postOf (page: Page, text: string): Locator {
  return page.getByRole('article').filter({ hasText: text })
}

/** Photographs as a phone takes them: large, noisy enough to weigh something, with the place in their metadata */
export async function takePhotos (page: Page, folder: string, count: number, width: number, height: number): Promise<string[]> {
  const files: string[] = []

  for (let i = 0; i < count; i++) {
    const base64 = await page.evaluate(async ({ width, height, hue }) => {
      const canvas = new OffscreenCanvas(width, height)
      const pen = canvas.getContext('2d')

      if (pen == null) {
        throw new Error('No canvas')
      }

      const sky = pen.createLinearGradient(0, 0, width, height)

      sky.addColorStop(0, `hsl(${hue} 60% 75%)`)
      sky.addColorStop(1, `hsl(${(hue + 60) % 360} 45% 35%)`)
      pen.fillStyle = sky
      pen.fillRect(0, 0, width, height)

      for (let hill = 0; hill < 400; hill++) {
        pen.fillStyle = `hsl(${(hue + hill) % 360} 40% ${20 + hill % 50}% / 0.5)`
        pen.beginPath()
        pen.arc((hill * 7919) % width, height * 0.4 + (hill * 104_729) % (height * 0.6), 20 + hill % 180, 0, 7)
        pen.fill()
      }

      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
      const bytes = new Uint8Array(await blob.arrayBuffer())
      let text = ''

      for (let at = 0; at < bytes.length; at += 32_768) {
        text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
      }

      return btoa(text)
    }, { width, height, hue: i * 37 % 360 })
    const file = join(folder, `IMG_${String(i).padStart(4, '0')}.jpg`)

    await writeFile(file, Buffer.from(base64, 'base64'))
    files.push(file)
  }

  return files
}

export function begin (): State {
  return { relayUrl: '', invite: '', publicLink: '', photos: [], backup: '' }
}

export function must<T> (value: T | undefined, what: string): T {
  if (value == null) {
    throw new Error(`${what} is missing`)
  }

  return value
}

export function check (holds: boolean, otherwise: string): void {
  if (!holds) {
    throw new Error(otherwise)
  }
}
