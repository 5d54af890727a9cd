/** The key that opens a home node without a passphrase: a file that only its owner can read. */
import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { importSafeKey, SAFE_KEY_BYTES } from '@pergola/protocols'
import type { DeviceKey } from '@pergola/protocols/storage'

function isMissing (err: unknown): boolean {
  return err instanceof Error && 'code' in err && err.code === 'ENOENT'
}

async function writeDurably (path: string, bytes: Uint8Array, flags: string): Promise<void> {
  const file = await open(path, flags, 0o600)

  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

export function deviceKeyFile (path: string): DeviceKey {
  return {
    async get () {
      try {
        return await importSafeKey(await readFile(path))
      } catch (err) {
        if (isMissing(err)) {
          return undefined
        }

        throw err
      }
    },

    async make () {
      const bytes = randomBytes(SAFE_KEY_BYTES)

      // whole or not at all, whatever happens meanwhile
      await rm(`${path}.new`, { force: true })
      await writeDurably(`${path}.new`, bytes, 'wx')
      await rename(`${path}.new`, path)

      return importSafeKey(bytes)
    },

    async remove () {
      try {
        // in place, as far as the disk lets anybody do that
        await writeDurably(path, randomBytes(SAFE_KEY_BYTES), 'r+')
      } catch (err) {
        if (!isMissing(err)) {
          throw err
        }
      }

      await rm(path, { force: true })
    }
  }
}
