/** What the stories, benchmarks and tests of this room start programs and browsers with. */

export { openBrowser } from './chromium.ts'
export { NoChromiumError, findChromium } from './find-chromium.ts'
export { readNetLog } from './net-log.ts'
export { ProgramSilentError, startProgram } from './processes.ts'
export { root } from './repository.ts'
export { SCHEMES, VIEWS, takeScreenshots } from './screenshots.ts'
export type { Browser, BrowserInit } from './chromium.ts'
export type { Destination } from './net-log.ts'
export type { Exit, Program, ProgramInit, WaitOptions } from './processes.ts'
export type { Scheme, ScreenshotOptions, View } from './screenshots.ts'
export type { Bench, BenchContext } from './bench/bench.ts'
export type { Step, Story, StoryContext } from './accept/story.ts'
