/** `pergola export` and `pergola import` */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option } from 'commander'
import { FileUnreadableError, NoPassphraseError } from '../errors.ts'
import { progressLine } from './progress.ts'
import type { ControlCalls, Exported, ImportedWall, ProgressOptions } from '../control/contract.ts'

export interface PassphraseOptions {
  passphraseFile?: string
}

export function passphraseOption (): Option {
  return new Option('--passphrase-file <file>', 'file whose first line is the passphrase of the keys; else the variable PERGOLA_PASSPHRASE is it')
}

async function passphraseOf ({ passphraseFile }: PassphraseOptions): Promise<string | undefined> {
  if (passphraseFile == null) {
    return process.env.PERGOLA_PASSPHRASE
  }

  try {
    return (await readFile(passphraseFile, 'utf8')).split(/\r?\n/)[0]
  } catch (err) {
    throw new FileUnreadableError(`The passphrase cannot be read from ${passphraseFile}`, { cause: err })
  }
}

async function withProgress<T> (call: (options: ProgressOptions) => Promise<T>): Promise<T> {
  const line = progressLine()

  try {
    return await call({ onProgress: line.show })
  } finally {
    line.end()
  }
}

/** @throws {NoPassphraseError} if keys are to be in it and there is no passphrase for them */
export async function exportTo (calls: ControlCalls, file: string, { keys, follows, ...options }: PassphraseOptions & { keys?: true, follows?: true }): Promise<Exported> {
  const passphrase = keys === true ? await passphraseOf(options) : undefined

  if (keys === true && (passphrase == null || passphrase === '')) {
    throw new NoPassphraseError('The keys need a passphrase: give it with --passphrase-file')
  }

  return withProgress(async progress => calls.export({ file: resolve(file), follows: follows === true, ...(passphrase == null ? {} : { passphrase }) }, progress))
}

export async function importFrom (calls: ControlCalls, file: string, options: PassphraseOptions): Promise<ImportedWall> {
  const passphrase = await passphraseOf(options)

  return withProgress(async progress => calls.import({ file: resolve(file), ...(passphrase == null || passphrase === '' ? {} : { passphrase }) }, progress))
}

export function exportedText ({ posts, files, missing }: Exported, file: string): string {
  return `Exported to ${file}. Posts: ${posts}. Picture files: ${files}.${missing === 0 ? '' : ` ${missing} could not be had: try again when your other devices are on.`}`
}

export function importedText ({ name, posts, added, files, refused, restored }: ImportedWall): string {
  return [
    `Imported the wall of ${name === '' ? 'somebody' : name}. New: ${added} entries, ${files} picture files. Posts now: ${posts}.`,
    ...(refused === 0 ? [] : [`${refused} entries do not count here: the device that wrote them was closed before, or wrote otherwise since.`]),
    ...(restored ? ['This is now one of your devices.'] : [])
  ].join('\n')
}
