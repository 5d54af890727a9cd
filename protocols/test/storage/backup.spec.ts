import { expect } from 'aegir/chai'
import { decodeCanonical, encode } from '../../src/codec/index.ts'
import { createEntropy, proveDevice, rootFromEntropy, signerFromSeed, signRecord } from '../../src/identity/index.ts'
import { publicWall, spaceId } from '../../src/ids.ts'
import { systemRandom } from '../../src/interface.ts'
import { MAX_FRAME_BYTES, MAX_RECORD_BYTES } from '../../src/limits.ts'
import { encodeEntry, signEntry } from '../../src/log/index.ts'
import { MAX_BACKUP_ENTRIES, MAX_BACKUP_FOLLOWS, MAX_BACKUP_PEERS, MAX_BACKUP_RECORDS, openBackup, sealBackup } from '../../src/storage/index.ts'
import type { RelayInfo } from '../../src/relay-info/index.ts'
import type { BackupContent } from '../../src/storage/index.ts'

/** The least that is allowed, so that the suite is quick */
const cost = { memory: 1024, iterations: 1, parallelism: 1 }
const passphrase = 'correct horse battery staple'

const relay: RelayInfo = {
  peer: '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo',
  addrs: ['/dns4/relay.example/tcp/443/tls/ws'],
  path: 'a-secret-path'
}

async function content (): Promise<BackupContent> {
  const entropy = createEntropy(systemRandom)
  const root = await rootFromEntropy(entropy)
  const signer = await signerFromSeed(systemRandom.bytes(32))
  const x25519 = systemRandom.bytes(32)
  const record = await signRecord(root, {
    devices: [await proveDevice(signer, { identity: root.identity, x25519, role: 'client', from: 0 })],
    closed: [],
    reading: x25519,
    publish: systemRandom.bytes(32),
    time: 1
  })
  const entry = await signEntry(signer, {
    space: publicWall(root.identity), identity: root.identity, rec: 0, seq: 0, prev: null, time: 2
  }, encode({ kind: 'post', text: 'hello' }))

  return {
    v: 1,
    created: 1_700_000_000_000,
    entropy,
    name: '李明',
    peers: ['12D3KooWEqtuYPCFiHT8E8LmkFSRoxH8M3N8Fppi4dJJaYdQXGxo'],
    follows: [{ space: spaceId(systemRandom.bytes(32)), relays: [relay] }, { space: spaceId(systemRandom.bytes(32)), relays: [] }],
    relays: [relay],
    records: [record.bytes],
    entries: [encodeEntry(entry)]
  }
}

/** A copy of a backup with parts of its outer array replaced */
function withParts (bytes: Uint8Array, change: (parts: unknown[]) => unknown[]): Uint8Array {
  return encode(change(decodeCanonical(bytes, { maxBytes: bytes.length }) as unknown[]))
}

async function nameOf (bytes: Uint8Array, phrase: string = passphrase): Promise<string> {
  return openBackup(bytes, phrase).then(() => 'opened', (err: Error) => err.name)
}

describe('backup', () => {
  let original: BackupContent
  let sealed: Uint8Array

  before(async () => {
    original = await content()
    sealed = await sealBackup(original, passphrase, { cost })
  })

  it('[ST40] [ST41] opens with the passphrase to what was sealed', async () => {
    expect(await openBackup(sealed, passphrase)).to.deep.equal(original)
  })

  it('[ST40] opens with accents composed either way', async () => {
    const bytes = await sealBackup(original, 'caf\u00e9', { cost })

    expect(await openBackup(bytes, 'cafe\u0301')).to.deep.equal(original)
  })

  it('[ST42] uses 64 MiB, three passes and one lane unless told otherwise, and writes that into the file', async () => {
    const bytes = await sealBackup(original, passphrase)
    const [, , header] = decodeCanonical(bytes, { maxBytes: bytes.length }) as [string, number, Uint8Array, Uint8Array]

    expect(decodeCanonical(header, { maxBytes: 1024 })).to.deep.include({ cost: { memory: 65_536, iterations: 3, parallelism: 1 } })
    expect(await openBackup(bytes, passphrase)).to.deep.equal(original)
  })

  it('[ST42] never makes the same file twice', async () => {
    expect(await sealBackup(original, passphrase, { cost })).to.not.deep.equal(sealed)
  })

  it('[ST43] refuses a file that asks for more than is allowed before it derives anything', async () => {
    for (const hostile of [{ memory: 262_145 }, { memory: 4 * 1024 * 1024 }, { iterations: 17 }, { parallelism: 5 }, { memory: 1023 }, { iterations: 0 }, { parallelism: 0 }]) {
      const bytes = withParts(sealed, ([magic, v, header, box]) => {
        const fields = decodeCanonical(header as Uint8Array, { maxBytes: 1024 }) as Record<string, unknown>

        return [magic, v, encode({ ...fields, cost: { ...cost, ...hostile } }), box]
      })

      expect(await nameOf(bytes), JSON.stringify(hostile)).to.equal('LimitExceededError')
    }
  })

  it('[ST43] allows the most', async () => {
    const bytes = await sealBackup(original, passphrase, { cost: { memory: 1024, iterations: 16, parallelism: 4 } })

    expect(await nameOf(bytes)).to.equal('opened')
  })

  it('[ST44] says that the passphrase is wrong', async () => {
    expect(await nameOf(sealed, 'Correct horse battery staple')).to.equal('WrongPassphraseError')
  })

  it('[ST44] asks for a passphrase of 1 to 4,096 bytes', async () => {
    expect(await nameOf(sealed, '')).to.equal('MalformedError')
    expect(await nameOf(sealed, 'x'.repeat(4_096))).to.equal('WrongPassphraseError')
    expect(await nameOf(sealed, 'x'.repeat(4_097))).to.equal('LimitExceededError')
    await expect(sealBackup(original, '', { cost })).to.eventually.be.rejected.with.property('name', 'MalformedError')
  })

  it('[ST45] says that the end is missing, wherever it was cut', async () => {
    const lengths = [1, 2, 8, 15, 16, 17, 40, 120, sealed.length >> 1, sealed.length - 1]

    for (const length of lengths) {
      expect(await nameOf(sealed.subarray(0, length)), `${length} bytes`).to.equal('BackupCutShortError')
    }
  })

  it('[ST45] says that it is no backup', async () => {
    for (const bytes of [
      new Uint8Array(), new TextEncoder().encode('hello'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47), Uint8Array.of(0x84, 0x6f, 0x70),
      encode({ hello: 'world' }), encode(['pergola record', 1])
    ]) {
      expect(await nameOf(bytes)).to.equal('NotABackupError')
    }
  })

  it('[ST45] says that a newer version made it, whatever its form', async () => {
    expect(await nameOf(withParts(sealed, ([magic, , ...rest]) => [magic, 2, ...rest]))).to.equal('BackupNewerError')
    expect(await nameOf(withParts(sealed, ([magic]) => [magic, 1_000, { some: 'thing' }]))).to.equal('BackupNewerError')
  })

  it('[ST45] says that it was changed, and never opens, at any changed byte', async () => {
    for (let i = 0; i < sealed.length; i += i < 200 ? 1 : 37) {
      const changed = sealed.slice()
      changed[i] ^= 1

      expect(await nameOf(changed), `byte ${i}`).to.be.oneOf([
        'NotABackupError', 'BackupNewerError', 'BackupCutShortError', 'BackupDamagedError', 'WrongPassphraseError', 'LimitExceededError'
      ])
    }

    const last = sealed.slice()
    last[last.length - 1] ^= 1
    expect(await nameOf(last)).to.equal('BackupDamagedError')
    expect(await nameOf(Uint8Array.of(...sealed, 0))).to.equal('BackupDamagedError')
    expect(await nameOf(withParts(sealed, parts => [...parts, 1]))).to.be.oneOf(['BackupDamagedError', 'LimitExceededError'])
    expect(await nameOf(withParts(sealed, parts => parts.slice(0, 3)))).to.equal('BackupDamagedError')
  })

  it('[ST46] refuses content of the wrong shape or over a limit, at sealing', async () => {
    const block = new Uint8Array(1)
    const cases: Array<[Partial<Record<keyof BackupContent, unknown>>, string]> = [
      [{ v: 2 }, 'BackupNewerError'],
      [{ created: -1 }, 'MalformedError'],
      [{ entropy: new Uint8Array(15) }, 'MalformedError'],
      [{ name: 'x'.repeat(129) }, 'LimitExceededError'],
      [{ peers: Array.from({ length: MAX_BACKUP_PEERS + 1 }, () => 'peer') }, 'LimitExceededError'],
      [{ follows: Array.from({ length: MAX_BACKUP_FOLLOWS + 1 }, () => original.follows[1]) }, 'LimitExceededError'],
      [{ relays: Array.from({ length: 9 }, () => relay) }, 'LimitExceededError'],
      [{ records: Array.from({ length: MAX_BACKUP_RECORDS + 1 }, () => block) }, 'LimitExceededError'],
      [{ records: [new Uint8Array(MAX_RECORD_BYTES + 1)] }, 'LimitExceededError'],
      [{ records: ['text'] }, 'MalformedError'],
      [{ entries: Array.from({ length: MAX_BACKUP_ENTRIES + 1 }, () => block) }, 'LimitExceededError'],
      [{ entries: [new Uint8Array(MAX_FRAME_BYTES + 1)] }, 'LimitExceededError'],
      [{ more: 1 } as Partial<BackupContent>, 'MalformedError']
    ]

    for (const [change, name] of cases) {
      await expect(sealBackup({ ...original, ...change } as BackupContent, passphrase, { cost }), Object.keys(change)[0])
        .to.eventually.be.rejected.with.property('name', name)
    }
  })

  it('[ST46] holds the most entries', async () => {
    const entry = new Uint8Array(300)
    const full = { ...original, entries: Array.from({ length: MAX_BACKUP_ENTRIES }, () => entry) }
    const opened = await openBackup(await sealBackup(full, passphrase, { cost }), passphrase)

    expect(opened.entries).to.have.lengthOf(MAX_BACKUP_ENTRIES)
  })

  it('[ST46] refuses to make a file over the limit', async () => {
    const large = { ...original, entries: Array.from({ length: 1_100 }, () => new Uint8Array(MAX_FRAME_BYTES)) }

    await expect(sealBackup(large, passphrase, { cost })).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
  })
})
