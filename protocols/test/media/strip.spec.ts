import { expect } from 'aegir/chai'
import { concat } from 'uint8arrays/concat'
import { toString } from 'uint8arrays/to-string'
import { hasMetadata, imageKind, imageSize, stripImage } from '../../src/media/index.ts'
import { CANARY, CLEAN_JPEG, CLEAN_PNG, CLEAN_WEBP, FULL_JPEG, FULL_PNG, FULL_WEBP, SIMPLE_WEBP } from './support/images.ts'

const PICTURES = { jpeg: [CLEAN_JPEG, FULL_JPEG], png: [CLEAN_PNG, FULL_PNG], webp: [CLEAN_WEBP, FULL_WEBP] }
const FUZZ_CASES = 5_000
const REFUSALS = ['MalformedImageError', 'UnsupportedImageError']

describe('media: what a picture tells besides the picture', () => {
  for (const [kind, [clean, full]] of Object.entries(PICTURES)) {
    it(`[ME13] a ${kind} is known by its first bytes`, () => {
      expect(imageKind(clean)).to.equal(kind)
    })

    it(`[ME14] nothing but the picture is left of a ${kind}`, () => {
      expect(toString(full, 'ascii')).to.include(CANARY)
      expect(hasMetadata(full)).to.be.true()
      const stripped = stripImage(full)

      expect(toString(stripped, 'ascii')).to.not.include('CANARY')
      expect(stripped).to.equalBytes(clean)
      expect(hasMetadata(stripped)).to.be.false()
    })

    it(`[ME14] a ${kind} with nothing else stays as it is`, () => {
      expect(stripImage(clean)).to.equal(clean)
    })

    it(`[ME15] a ${kind} that is cut short anywhere is refused`, () => {
      for (let length = 12; length < clean.length; length++) {
        expect(() => stripImage(clean.subarray(0, length)), `${length}`).to.throw().with.property('name', 'MalformedImageError')
      }
    })

    it(`[ME15] a ${kind} that is within a larger array`, () => {
      const around = new Uint8Array(full.length + 20)
      around.set(full, 10)

      expect(stripImage(around.subarray(10, 10 + full.length))).to.equalBytes(clean)
    })

    it(`[ME15] ${FUZZ_CASES} damaged ${kind} pictures: clean, or refused by name; never larger, never stuck`, () => {
      let state = 1

      function random (below: number): number {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5

        return (state >>> 0) % below
      }

      let refused = 0
      const began = Date.now()

      for (let i = 0; i < FUZZ_CASES; i++) {
        const source = random(2) === 0 ? clean : full
        const cutAt = random(8) === 0 ? random(source.length) : source.length
        let bytes = source.slice(0, cutAt)

        for (let n = random(6); n > 0 && bytes.length > 0; n--) {
          const at = random(bytes.length)

          if (random(4) === 0) {
            const other = random(bytes.length)
            bytes = concat([bytes.subarray(0, at), bytes.subarray(Math.min(at, other), Math.max(at, other)), bytes.subarray(at)])
          } else {
            bytes[at] = random(3) === 0 ? 0xff : random(256)
          }
        }

        try {
          const stripped = stripImage(bytes)

          expect(stripped.length).to.be.at.most(bytes.length)
          expect(hasMetadata(stripped)).to.be.false()
          expect(stripImage(stripped)).to.equal(stripped)
          imageSize(bytes)
        } catch (err) {
          refused++
          expect(REFUSALS).to.include((err as Error).name)
        }
      }

      expect(refused).to.be.above(0).and.below(FUZZ_CASES)
      expect(Date.now() - began).to.be.below(10_000)
    })
  }

  it('[ME14] a simple WebP', () => {
    expect(stripImage(SIMPLE_WEBP)).to.equal(SIMPLE_WEBP)
  })

  it('[ME14] the flags of a WebP that promise what is not there', () => {
    const flagged = CLEAN_WEBP.slice()
    flagged[20] |= 0x2c

    expect(hasMetadata(flagged)).to.be.true()
    expect(stripImage(flagged)).to.equalBytes(CLEAN_WEBP)
  })

  it('[ME13] other kinds are known, and refused', () => {
    const heic = concat([Uint8Array.of(0, 0, 0, 24), new TextEncoder().encode('ftypheic'), new Uint8Array(12)])
    const avif = concat([Uint8Array.of(0, 0, 0, 24), new TextEncoder().encode('ftypavif'), new Uint8Array(12)])

    expect(imageKind(heic)).to.equal('heic')
    expect(imageKind(avif)).to.equal('avif')
    expect(imageKind(new TextEncoder().encode('GIF89a'))).to.equal('gif')
    expect(imageKind(new TextEncoder().encode('<svg/>'))).to.be.undefined()
    expect(imageKind(new Uint8Array())).to.be.undefined()

    for (const bytes of [heic, new Uint8Array(), Uint8Array.of(0xff)]) {
      expect(() => stripImage(bytes)).to.throw().with.property('name', 'UnsupportedImageError')
      expect(() => hasMetadata(bytes)).to.throw().with.property('name', 'UnsupportedImageError')
    }
  })

  it('[ME13] the size is read from the beginning, and is unknown where that is cut', () => {
    const frame = Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xff, 0xc2, 0, 17, 8, 0x0b, 0xb8, 0x0f, 0xa0, 3)
    const lossy = SIMPLE_WEBP.slice()
    lossy.set([0x20, 0x43, 0x58, 0x02], 26)

    expect(imageSize(frame)).to.deep.equal({ width: 4000, height: 3000 })
    expect(imageSize(frame.subarray(0, 12))).to.be.undefined()
    expect(imageSize(CLEAN_PNG)).to.deep.equal({ width: 0x01010101, height: 0x01010101 })
    expect(imageSize(CLEAN_PNG.subarray(0, 20))).to.be.undefined()
    expect(imageSize(CLEAN_WEBP)).to.deep.equal({ width: 10, height: 10 })
    expect(imageSize(CLEAN_WEBP.subarray(0, 20))).to.be.undefined()
    expect(imageSize(lossy)).to.deep.equal({ width: 800, height: 600 })
    expect(imageSize(concat([new TextEncoder().encode('GIF89a'), Uint8Array.of(4, 1, 2, 0)]))).to.deep.equal({ width: 260, height: 2 })
    expect(imageSize(new Uint8Array())).to.be.undefined()
  })

  it('[ME15] a critical chunk that nobody knows', () => {
    const unknown = CLEAN_PNG.slice()
    unknown.set(new TextEncoder().encode('PRIV'), 8 + 25 + 4)

    expect(() => stripImage(unknown)).to.throw().with.property('name', 'MalformedImageError')
  })
})
