import type { Picture } from '../../src/engine/contract.ts'

/** Bytes of the painted pictures, by key */
export const painted = new Map<string, Blob>()

export interface Scenery {
  seed: number
  width: number
  height: number
  alt: string
  kind: 'hills' | 'sea' | 'street' | 'table'
}

/** Paints something that could be a photograph, so that the pages look as they will look */
export async function paint (scenery: Scenery): Promise<Picture> {
  const large = await draw(scenery, scenery.width, scenery.height)
  const smallWidth = Math.round(scenery.width / 2)
  const smallHeight = Math.round(scenery.height / 2)
  const small = await draw(scenery, smallWidth, smallHeight)
  const tiny = await draw(scenery, 16, Math.max(4, Math.round(16 * scenery.height / scenery.width)))
  const name = `${scenery.kind}-${scenery.seed}`

  painted.set(`${name}-small`, small)
  painted.set(`${name}-large`, large)

  return {
    small: { media: { cid: `${name}-small`, type: small.type, owner: '' }, width: smallWidth, height: smallHeight },
    large: { media: { cid: `${name}-large`, type: large.type, owner: '' }, width: scenery.width, height: scenery.height, size: large.size },
    blur: await dataUrl(tiny),
    alt: scenery.alt
  }
}

async function draw ({ seed, kind }: Scenery, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d')

  if (pen == null) {
    throw new Error('There is nothing to paint on')
  }

  const random = randomness(seed)

  pen.scale(width, height)
  PAINTERS[kind](pen, random)

  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}

type Pen = OffscreenCanvasRenderingContext2D
type Random = () => number

const PAINTERS: Record<Scenery['kind'], (pen: Pen, random: Random) => void> = {
  hills (pen, random) {
    const hue = 10 + random() * 200

    sky(pen, `hsl(${hue} 55% 82%)`, `hsl(${(hue + 40) % 360} 60% 92%)`)
    sun(pen, 0.2 + random() * 0.6, 0.22 + random() * 0.2, 0.05, 'hsl(40 90% 92%)')

    for (let layer = 0; layer < 5; layer++) {
      ridge(pen, random, 0.42 + layer * 0.11, 0.16 - layer * 0.02, `hsl(${(hue + 190) % 360} ${18 + layer * 6}% ${66 - layer * 12}%)`)
    }
  },
  sea (pen, random) {
    sky(pen, 'hsl(205 60% 70%)', 'hsl(30 80% 88%)')
    sun(pen, 0.3 + random() * 0.4, 0.5, 0.06, 'hsl(38 95% 85%)')
    band(pen, 0.56, 1, 'hsl(205 45% 42%)', 'hsl(200 50% 26%)')

    for (let wave = 0; wave < 70; wave++) {
      const y = 0.57 + random() * 0.43

      pen.fillStyle = `hsl(200 50% ${40 + random() * 40}% / 35%)`
      pen.fillRect(random(), y, 0.04 + random() * 0.2 * y, 0.004)
    }
  },
  street (pen, random) {
    sky(pen, 'hsl(215 35% 40%)', 'hsl(25 60% 75%)')

    for (let house = 0, x = 0; x < 1; house++) {
      const wide = 0.1 + random() * 0.14
      const top = 0.12 + random() * 0.3

      pen.fillStyle = `hsl(${15 + random() * 30} ${18 + random() * 25}% ${30 + random() * 35}%)`
      pen.fillRect(x, top, wide, 1 - top)

      for (let row = top + 0.06; row < 0.8; row += 0.1) {
        for (let column = x + 0.02; column < x + wide - 0.03; column += 0.045) {
          pen.fillStyle = random() > 0.55 ? 'hsl(45 85% 75%)' : 'hsl(215 25% 25%)'
          pen.fillRect(column, row, 0.022, 0.05)
        }
      }

      x += wide
    }

    band(pen, 0.86, 1, 'hsl(25 8% 35%)', 'hsl(25 8% 18%)')
  },
  table (pen, random) {
    band(pen, 0, 1, 'hsl(28 40% 58%)', 'hsl(22 45% 40%)')

    for (let line = 0; line < 12; line++) {
      pen.fillStyle = `hsl(24 45% ${30 + random() * 20}% / 30%)`
      pen.fillRect(0, line / 12, 1, 0.006)
    }

    for (let plate = 0; plate < 4; plate++) {
      const x = 0.2 + (plate % 2) * 0.55 + random() * 0.08
      const y = 0.28 + Math.floor(plate / 2) * 0.45 + random() * 0.06

      sun(pen, x, y, 0.17, 'hsl(40 30% 94%)')
      sun(pen, x, y, 0.13, 'hsl(40 20% 88%)')
      sun(pen, x, y, 0.09, `hsl(${random() * 110} 65% 52%)`)
    }
  }
}

function sky (pen: Pen, top: string, bottom: string): void {
  band(pen, 0, 1, top, bottom)
}

function band (pen: Pen, from: number, to: number, top: string, bottom: string): void {
  const gradient = pen.createLinearGradient(0, from, 0, to)

  gradient.addColorStop(0, top)
  gradient.addColorStop(1, bottom)
  pen.fillStyle = gradient
  pen.fillRect(0, from, 1, to - from)
}

function sun (pen: Pen, x: number, y: number, radius: number, colour: string): void {
  const { a, d } = pen.getTransform()

  pen.fillStyle = colour
  pen.beginPath()
  pen.ellipse(x, y, radius * Math.min(1, d / a), radius * Math.min(1, a / d), 0, 0, 2 * Math.PI)
  pen.fill()
}

function ridge (pen: Pen, random: Random, y: number, height: number, colour: string): void {
  const phase = random() * 10
  const steep = 3 + random() * 5

  pen.fillStyle = colour
  pen.beginPath()
  pen.moveTo(0, 1)

  for (let x = 0; x <= 1.001; x += 0.01) {
    pen.lineTo(x, y - height * (0.5 * Math.sin(x * steep + phase) + 0.3 * Math.sin(x * steep * 2.7 + phase * 2) + 0.12 * Math.sin(x * steep * 7.1)))
  }

  pen.lineTo(1, 1)
  pen.fill()
}

function randomness (seed: number): Random {
  let state = seed * 2654435761 >>> 0

  return () => {
    state = (state + 0x6d2b79f5) >>> 0

    let mixed = Math.imul(state ^ state >>> 15, 1 | state)

    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed

    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}

async function dataUrl (blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())

  return `data:${blob.type};base64,${btoa(String.fromCharCode(...bytes))}`
}
