import { expect } from 'aegir/chai'
import { toHex } from '../../src/ids.ts'
import { createSafeKey, importSafeKey, MAX_SECRET_BYTES, memoryDisk, memoryStore, prefixStore, safe } from '../../src/storage/index.ts'

const encoder = new TextEncoder()
const secret = encoder.encode('a canary that must not be on disk')

describe('safe', () => {
  it('[ST30] opens what was put under a name, and nothing else', async () => {
    const box = safe({ store: memoryStore(), key: await createSafeKey() })
    await box.put('root', secret)
    await box.put('empty', new Uint8Array())

    expect(await box.get('root')).to.deep.equal(secret)
    expect(await box.get('empty')).to.deep.equal(new Uint8Array())
    expect(await box.get('other')).to.equal(undefined)

    await box.delete('root')
    expect(await box.get('root')).to.equal(undefined)
  })

  it('[ST30] leaves nothing readable in the store, and never the same bytes twice', async () => {
    const store = memoryStore()
    const box = safe({ store, key: await createSafeKey() })
    await box.put('root', secret)
    const first = await store.get(encoder.encode('root'))
    await box.put('root', secret)
    const second = await store.get(encoder.encode('root'))

    expect(toHex(first ?? expect.fail('nothing kept'))).to.not.include(toHex(secret))
    expect(second).to.not.deep.equal(first)
    expect(second).to.have.lengthOf(1 + 12 + secret.length + 16)
    expect(second?.[0]).to.equal(1)
  })

  it('[ST31] does not open a secret under another name, with another key, or changed', async () => {
    const store = memoryStore()
    const box = safe({ store, key: await createSafeKey() })
    await box.put('root', secret)

    const kept = await store.get(encoder.encode('root')) ?? expect.fail('nothing kept')

    await store.put(encoder.encode('device'), kept)
    await expect(box.get('device')).to.eventually.be.rejected.with.property('name', 'SecretUnreadableError')
    await expect(safe({ store, key: await createSafeKey() }).get('root')).to.eventually.be.rejected.with.property('name', 'SecretUnreadableError')

    for (let i = 0; i < kept.length; i++) {
      const changed = kept.slice()
      changed[i] ^= 1
      await store.put(encoder.encode('root'), changed)
      await expect(box.get('root')).to.eventually.be.rejected.with.property('name', 'SecretUnreadableError')
    }

    for (const length of [0, 1, 13, 28, kept.length - 1]) {
      await store.put(encoder.encode('root'), kept.slice(0, length))
      await expect(box.get('root')).to.eventually.be.rejected.with.property('name', 'SecretUnreadableError')
    }
  })

  it('[ST32] says that a later version kept it', async () => {
    const store = memoryStore()
    await store.put(encoder.encode('root'), Uint8Array.of(2, 1, 2, 3))

    await expect(safe({ store, key: await createSafeKey() }).get('root')).to.eventually.be.rejectedWith(/later version/)
  })

  it('[ST33] makes keys that no script can read', async () => {
    for (const key of [await createSafeKey(), await importSafeKey(new Uint8Array(32))]) {
      expect(key.extractable).to.equal(false)
      await expect(crypto.subtle.exportKey('raw', key)).to.eventually.be.rejected()
    }
  })

  it('[ST33] opens with the same 32 bytes again, and refuses another number of them', async () => {
    const store = memoryStore()
    const bytes = crypto.getRandomValues(new Uint8Array(32))
    await safe({ store, key: await importSafeKey(bytes) }).put('root', secret)

    expect(await safe({ store, key: await importSafeKey(bytes) }).get('root')).to.deep.equal(secret)

    for (const length of [0, 31, 33]) {
      await expect(importSafeKey(new Uint8Array(length))).to.eventually.be.rejected.with.property('name', 'SecretUnreadableError')
    }
  })

  it('[ST34] is durable before it says so', async () => {
    const disk = memoryDisk()
    const key = await createSafeKey()
    await safe({ store: prefixStore(disk.open(), encoder.encode('safe/')), key }).put('root', secret)
    disk.powerCut()

    expect(await safe({ store: prefixStore(disk.open(), encoder.encode('safe/')), key }).get('root')).to.deep.equal(secret)
  })

  it('[ST35] takes a secret of the most bytes and refuses one past', async () => {
    const box = safe({ store: memoryStore(), key: await createSafeKey() })
    await box.put('large', new Uint8Array(MAX_SECRET_BYTES))

    await expect(box.put('large', new Uint8Array(MAX_SECRET_BYTES + 1))).to.eventually.be.rejected.with.property('name', 'LimitExceededError')
  })
})
