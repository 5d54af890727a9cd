import { expect } from 'aegir/chai'
import { MAX_ZOOM, moved, squareOf } from '../src/cropping/crop.ts'
import { pictureRows, proportion } from '../src/parts/picture-rows.ts'
import { excerpt } from '../src/post/excerpt.ts'
import { holdBack } from '../src/state/fresh-posts.ts'
import type { Post } from '../src/engine/contract.ts'

function post (time: number, mine = false): Post {
  return { id: `p${time}`, author: { id: 'a', name: 'A' }, time, text: '', pictures: [], mine }
}

describe('rows of pictures', () => {
  it('holds every picture once, whatever their shapes', () => {
    for (let count = 1; count <= 20; count++) {
      const ratios = Array.from({ length: count }, (_, at) => 0.5 + (at * 7 % 5) / 2)

      expect(pictureRows(ratios).reduce((sum, row) => sum + row, 0)).to.equal(count)
    }
  })

  it('leaves one picture alone, puts two side by side', () => {
    expect(pictureRows([1.5])).to.deep.equal([1])
    expect(pictureRows([1.5, 1.3])).to.deep.equal([2])
    expect(pictureRows([3, 1.5, 1.5])).to.deep.equal([1, 2])
  })

  it('bounds what somebody claims about the size', () => {
    expect(proportion({ width: 1, height: 100_000 })).to.equal(0.5)
    expect(proportion({ width: 100_000, height: 1 })).to.equal(3)
    expect(proportion({ width: 0, height: 0 })).to.equal(1)
  })
})

describe('cropping', () => {
  const size = { width: 400, height: 300 }
  const middle = { zoom: 1, x: 0.5, y: 0.5 }

  it('begins with the largest square, in the middle', () => {
    expect(squareOf(size, middle)).to.deep.equal({ left: 50, top: 0, side: 300 })
    expect(squareOf({ width: 300, height: 400 }, middle)).to.deep.equal({ left: 0, top: 50, side: 300 })
  })

  it('never leaves the picture, however close, and wherever it was moved', () => {
    for (const { width, height } of [size, { width: 1, height: 1 }, { width: 3, height: 2000 }]) {
      for (const zoom of [1, 1.7, MAX_ZOOM]) {
        for (const [right, down] of [[9, 9], [-9, -9], [0.1, -0.3]]) {
          const { left, top, side } = squareOf({ width, height }, moved({ width, height }, { zoom, x: 0.2, y: 0.9 }, right, down))

          expect(side).to.be.at.least(1)
          expect(left).to.be.within(0, width - side)
          expect(top).to.be.within(0, height - side)
        }
      }
    }
  })

  it('follows the hand: what is moved to the right shows more of the left', () => {
    expect(squareOf(size, moved(size, middle, 0.1, 0)).left).to.equal(20)
    expect(squareOf(size, moved(size, middle, -0.1, 0)).left).to.equal(80)
    expect(squareOf(size, moved(size, { ...middle, zoom: 2 }, 0, 0.2)).top).to.equal(45)
  })
})

describe('long texts', () => {
  it('shows short ones whole and cuts long ones where a paragraph ends', () => {
    expect(excerpt('short')).to.equal(undefined)
    expect(excerpt('a'.repeat(700) + '\n\n' + 'b'.repeat(2000))).to.equal('a'.repeat(700))
    expect(excerpt('word '.repeat(500))?.endsWith('word …')).to.equal(true)
  })

  it('counts a Chinese character as two letters, and cuts none in half', () => {
    expect(excerpt('字'.repeat(800))).to.equal(undefined)
    expect(excerpt('字'.repeat(801))).to.equal('字'.repeat(450) + ' …')
    expect(excerpt('𠮷'.repeat(900))?.isWellFormed()).to.equal(true)
  })
})

describe('new posts', () => {
  const posts = [post(5), post(4, true), post(3), post(1)]

  it('appear at once at the top', () => {
    expect(holdBack(posts, 1, true)).to.deep.equal({ shown: posts, waiting: 0 })
  })

  it('wait while somebody reads, but for older ones and one’s own', () => {
    expect(holdBack(posts, 1, false)).to.deep.equal({ shown: [posts[1], posts[3]], waiting: 2 })
    expect(holdBack(posts, 3, false)).to.deep.equal({ shown: [posts[1], posts[2], posts[3]], waiting: 1 })
  })
})
