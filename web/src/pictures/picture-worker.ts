/** The worker of `prepare.ts`: one file in, one picture or one failure out. */
import { encodePicture } from './encode.ts'
import type { WorkerAnswer } from './picture.ts'

function answer (message: WorkerAnswer, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer })
}

function failure (err: unknown): WorkerAnswer {
  const { code, message } = (err instanceof Error ? err : new Error(String(err))) as Error & { code?: unknown }

  return { type: 'failed', code: code === 'picture-format' || code === 'picture-too-large' ? code : 'internal', detail: message }
}

self.addEventListener('message', ({ data }: MessageEvent<Blob>) => {
  encodePicture(data, (done, total) => { answer({ type: 'progress', done, total }) }).then(picture => {
    answer({ type: 'done', picture }, [...new Set([picture.small.bytes.buffer, picture.large.bytes.buffer, picture.blur.buffer])])
  }, err => { answer(failure(err)) })
})
