import { PictureFormatError, PictureTooLargeError, PictureWorkerError } from './errors.ts'
import { MAX_FILE_BYTES } from './limits.ts'
import script from './picture-worker.ts?worker&url'
import type { PreparedPicture, WorkerAnswer } from './picture.ts'

export interface PrepareOptions {
  signal?: AbortSignal
  /** Steps done, and in all */
  onProgress? (done: number, total: number): void
}

const ERRORS = { 'picture-format': PictureFormatError, 'picture-too-large': PictureTooLargeError, internal: PictureWorkerError }

/** A decoded picture takes up to 400 MB: never two at the same time */
let last: Promise<unknown> = Promise.resolve()

/** Has the browser keep the code of the worker for when a picture is chosen */
export async function loadPictureWorker (): Promise<void> {
  await (await fetch(script, { credentials: 'omit' })).arrayBuffer()
}

/**
 * Decodes, turns, scales down and encodes anew, in a worker; what comes out holds no metadata.
 *
 * @throws {PictureFormatError} for what is not JPEG, PNG, WebP or GIF, or damaged
 * @throws {PictureTooLargeError} over 50 MB or 100 megapixels
 */
export async function preparePicture (file: Blob, { signal, onProgress }: PrepareOptions = {}): Promise<PreparedPicture> {
  signal?.throwIfAborted()

  if (file.size > MAX_FILE_BYTES) {
    throw new PictureTooLargeError(`${file.size} bytes`)
  }

  const turn = last.then(async () => {
    signal?.throwIfAborted()

    return work(file, signal, onProgress)
  })
  last = turn.catch(() => {})

  return turn
}

async function work (file: Blob, signal: AbortSignal | undefined, onProgress: PrepareOptions['onProgress']): Promise<PreparedPicture> {
  const worker = new Worker(script, { type: 'module' })
  const { promise, resolve, reject } = Promise.withResolvers<PreparedPicture>()
  const onAbort = (): void => { reject(signal?.reason) }
  signal?.addEventListener('abort', onAbort, { once: true })
  worker.addEventListener('error', ({ message }) => { reject(new PictureWorkerError(message)) })
  worker.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) => {
    if (data.type === 'progress') {
      onProgress?.(data.done, data.total)
    } else if (data.type === 'done') {
      resolve(data.picture)
    } else {
      reject(new ERRORS[data.code](data.detail))
    }
  })
  worker.postMessage(file)

  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', onAbort)
    worker.terminate()
  }
}
