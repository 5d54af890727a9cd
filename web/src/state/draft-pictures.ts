/**
 * The pictures of a draft, kept in this browser until they are posted or taken out: nothing that was chosen is lost with the page. What is done here is done one after
 * the other, so that whoever loads sees what was kept before. Only this file knows how they are stored.
 */
import { openDB } from 'idb'
import type { DBSchema, IDBPDatabase } from 'idb'

/** A name that says nothing about what it is for */
const DATABASE = 'notes-drafts'
const LAYOUT_VERSION = 1

/** Bytes of all files together */
export const MAX_DRAFT_BYTES = 256 * 1024 * 1024

export interface DraftPicture {
  id: string
  file: File
  alt: string
}

/** The files would be larger than `MAX_DRAFT_BYTES` together */
export class DraftFullError extends Error {
  static name = 'DraftFullError'
  name = 'DraftFullError'
}

interface Schema extends DBSchema {
  /** What is known of each without reading it */
  pictures: { key: string, value: { id: string, order: number, size: number, name: string, type: string, alt: string } }
  files: { key: string, value: ArrayBuffer }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined
let last: Promise<unknown> = Promise.resolve()

async function open (): Promise<IDBPDatabase<Schema>> {
  const forget = (): void => { opened = undefined }

  opened ??= openDB<Schema>(DATABASE, LAYOUT_VERSION, {
    upgrade (database) {
      database.createObjectStore('pictures', { keyPath: 'id' })
      database.createObjectStore('files')
    },
    blocking (_current, _wanted, event) {
      forget();
      (event.target as IDBDatabase).close()
    },
    terminated: forget
  })
  opened.catch(forget)

  return opened
}

async function inTurn<T> (work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  const turn = last.then(async () => work(await open()))

  last = turn.catch(() => {})

  return turn
}

/** In the order in which they were added */
export async function loadPictures (): Promise<DraftPicture[]> {
  return inTurn(async database => {
    const pictures: DraftPicture[] = []

    for (const { id, name, type, alt } of (await database.getAll('pictures')).sort((a, b) => a.order - b.order)) {
      const bytes = await database.get('files', id)

      if (bytes != null) {
        pictures.push({ id, file: new File([bytes], name, { type }), alt })
      }
    }

    return pictures
  })
}

/** @throws {DraftFullError | DOMException} if there is no room for it; nothing changes then */
export async function keepPicture ({ id, file, alt }: DraftPicture): Promise<void> {
  await inTurn(async database => {
    const kept = await database.getAll('pictures')

    if (kept.reduce((sum, { size }) => sum + size, file.size) > MAX_DRAFT_BYTES) {
      throw new DraftFullError('The pictures of this draft are too large to be kept')
    }

    const order = Math.max(0, ...kept.map(({ order }) => order)) + 1
    const bytes = await file.arrayBuffer()
    const transaction = database.transaction(['pictures', 'files'], 'readwrite')

    await Promise.all([
      transaction.objectStore('pictures').put({ id, order, size: file.size, name: file.name, type: file.type, alt }),
      transaction.objectStore('files').put(bytes, id),
      transaction.done
    ])
  })
}

/** Does nothing for what is not kept */
export async function describePicture (id: string, alt: string): Promise<void> {
  await inTurn(async database => {
    const transaction = database.transaction('pictures', 'readwrite')
    const kept = await transaction.store.get(id)

    await Promise.all([kept == null ? undefined : transaction.store.put({ ...kept, alt }), transaction.done])
  })
}

/** Does nothing for what is not kept */
export async function forgetPictures (ids: string[]): Promise<void> {
  await inTurn(async database => {
    const transaction = database.transaction(['pictures', 'files'], 'readwrite')

    await Promise.all([
      ...ids.flatMap(id => [transaction.objectStore('pictures').delete(id), transaction.objectStore('files').delete(id)]),
      transaction.done
    ])
  })
}
