import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** The two sizes that everything must look right in */
export const VIEWS = {
  phone: { width: 360, height: 740 },
  desktop: { width: 1280, height: 800 }
} as const

export const SCHEMES = ['light', 'dark'] as const

export type View = keyof typeof VIEWS
export type Scheme = typeof SCHEMES[number]

export interface ScreenshotOptions {
  /** @default both */
  views?: View[]
  /** @default both */
  schemes?: Scheme[]
  /** The whole length of the page instead of what is seen of it; @default false */
  fullPage?: boolean
}

/**
 * Saves `NAME-phone-light.png` and its likes, and afterwards leaves the page in the size and scheme it had.
 *
 * @returns the paths of the files
 */
export async function takeScreenshots (page: Page, folder: string, name: string, options: ScreenshotOptions = {}): Promise<string[]> {
  const before = page.viewportSize()
  const files: string[] = []
  await mkdir(folder, { recursive: true })

  for (const view of options.views ?? Object.keys(VIEWS) as View[]) {
    for (const scheme of options.schemes ?? SCHEMES) {
      const path = join(folder, `${name}-${view}-${scheme}.png`)
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await page.setViewportSize(VIEWS[view])
      await page.screenshot({ path, fullPage: options.fullPage ?? false, animations: 'disabled' })
      files.push(path)
    }
  }

  await page.emulateMedia({ colorScheme: null, reducedMotion: null })

  if (before != null) {
    await page.setViewportSize(before)
  }

  return files
}
