/** Runs in the browser: makes samples, has them prepared, and says what came out. */
import { hasMetadata } from '@pergola/protocols/pictures'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { preparePicture } from '../../../src/pictures/index.ts'
import { CANARY, edited, heic, photo, pngOfSize, screenshot } from './samples.ts'
import type { PictureVariant } from '../../../src/pictures/index.ts'

export interface VariantReport {
  type: string
  width: number
  height: number
  bytes: number
  metadata: boolean
  canary: boolean
  /** Red, green, blue and alpha in the middle of the four quarters: top left, top right, bottom left, bottom right */
  corners: number[][]
}

export interface Report {
  small: VariantReport
  large: VariantReport
  same: boolean
  blur: { bytes: number, metadata: boolean, canary: boolean, width: number, height: number }
  progress: number[][]
  milliseconds: number
  /** The canary was in what went in */
  canaryBefore: boolean
}

export interface Failure {
  name: string
  code: string
}

function drawn (width: number, height: number, transparent: boolean): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')

  if (context == null) {
    throw new Error('no canvas')
  }

  const colours = ['#ff0000', '#00ff00', '#0000ff', transparent ? '#ffff0000' : '#ffff00']
  colours.forEach((colour, i) => {
    context.fillStyle = colour
    context.fillRect(i % 2 * width / 2, Math.floor(i / 2) * height / 2, width / 2, height / 2)
  })

  // texture, so that it is as much work as a photo
  for (let i = 0; i < 4_000; i++) {
    context.fillStyle = `hsl(${i % 360} 80% 50% / 20%)`
    context.fillRect(i * 7919 % width, (transparent ? 0.1 : i * 104_729 % height / height) * height / 2, 20, 20)
  }

  return canvas
}

async function encoded (type: string, width: number, height: number, transparent = false): Promise<Uint8Array> {
  return new Uint8Array(await (await drawn(width, height, transparent).convertToBlob({ type, quality: 0.95 })).arrayBuffer())
}

const MAKERS: Record<string, () => Promise<Uint8Array>> = {
  photo: async () => photo(await encoded('image/jpeg', 4000, 3000), 1),
  'turned photo': async () => photo(await encoded('image/jpeg', 4000, 3000), 6),
  screenshot: async () => screenshot(await encoded('image/png', 1600, 900)),
  'transparent screenshot': async () => screenshot(await encoded('image/png', 600, 400, true)),
  webp: async () => edited(await encoded('image/webp', 1400, 700), 1400, 700),
  tiny: async () => encoded('image/png', 3, 1),
  heic: async () => heic(),
  'cut photo': async () => (await encoded('image/jpeg', 400, 300)).subarray(0, 300),
  'huge picture': async () => pngOfSize(10_001, 10_000),
  'empty png': async () => pngOfSize(10_000, 10_000),
  'no size': async () => pngOfSize(0, 10),
  svg: async () => fromString('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'),
  text: async () => fromString('hello'),
  nothing: async () => new Uint8Array(),
  'large file': async () => new Uint8Array(50_000_001)
}

function hasCanary (bytes: Uint8Array): boolean {
  return toString(bytes, 'ascii').includes(CANARY)
}

async function report ({ bytes, type, width, height }: PictureVariant): Promise<VariantReport> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }))
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')
  context?.drawImage(bitmap, 0, 0)

  return {
    type,
    width,
    height,
    bytes: bytes.length,
    metadata: hasMetadata(bytes),
    canary: hasCanary(bytes),
    corners: [0, 1, 2, 3].map(i => [...context?.getImageData(Math.floor((i % 2 + 0.5) * width / 2), Math.floor((Math.floor(i / 2) + 0.75) * height / 2), 1, 1).data ?? []])
  }
}

/** Everything that can be said of a sample that was prepared */
async function prepare (name: string): Promise<Report> {
  const sample = await MAKERS[name]()
  const progress: number[][] = []
  const began = performance.now()
  const { small, large, blur } = await preparePicture(new Blob([new Uint8Array(sample)]), { onProgress: (...step) => { progress.push(step) } })
  const milliseconds = performance.now() - began
  const tiny = await createImageBitmap(new Blob([new Uint8Array(blur)]))

  return {
    small: await report(small),
    large: await report(large),
    same: small === large,
    blur: { bytes: blur.length, metadata: hasMetadata(blur), canary: hasCanary(blur), width: tiny.width, height: tiny.height },
    progress,
    milliseconds,
    canaryBefore: hasCanary(sample)
  }
}

async function fail (name: string): Promise<Failure> {
  try {
    await preparePicture(new Blob([new Uint8Array(await MAKERS[name]())]))
  } catch (err) {
    const { name, code } = err as Failure

    return { name, code }
  }

  throw new Error('nothing failed')
}

/** Gives up one picture; the next one must not wait for it */
async function giveUp (): Promise<{ message: string, next: number }> {
  const controller = new AbortController()
  const first = preparePicture(new Blob([new Uint8Array(await MAKERS.photo())]), {
    signal: controller.signal,
    onProgress: () => { controller.abort(new Error('enough')) }
  })
  const second = preparePicture(new Blob([new Uint8Array(await MAKERS.tiny())]))

  return { message: await first.then(() => 'done', (err: Error) => err.message), next: (await second).small.width }
}

const tests = { prepare, fail, giveUp }

export type PictureTests = typeof tests

Object.assign(globalThis, { tests })
