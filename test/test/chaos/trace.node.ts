import { expect } from 'aegir/chai'
import { readTrace } from './trace.ts'

const LINES = [
  '10 100.000000 write(5</d/store/000003.log>, "text-one", 8) = 8 <0.000010>',
  '10 100.000100 write(5</d/blocks/000003.log>, "elsewhere", 9) = 9 <0.000010>',
  '11 100.001000 fdatasync(5</d/store/000003.log> <unfinished ...>',
  '10 100.002000 write(21<TCP:[127.0.0.1:1->127.0.0.1:2]>, "\\1\\2", 2) = 2 <0.000020>',
  '11 100.004000 <... fdatasync resumed>)        = 0 <0.003000>',
  '11 100.005000 fdatasync(5</d/store/000003.log>) = -1 EIO (Input/output error) <0.001000>',
  '10 100.006000 +++ exited with 0 +++'
].join('\n')

describe('reading system calls', () => {
  it('tells when the log of a store was written and synced, and when something left over a socket', () => {
    const { writes, syncs, sends } = readTrace(LINES, '/d/store')

    expect(writes).to.have.lengthOf(1)
    expect(writes[0].bytes).to.include('text-one')
    expect(writes[0].at).to.be.closeTo(100.00001, 1e-6)
    expect(syncs).to.deep.equal([{ began: 100.001, ended: 100.004 }])
    expect(sends).to.deep.equal([100.002])
  })
})
