/** Writes down every byte that libp2p hands to anything in this process: of sockets, connections and, decrypted, of each stream. */
import { writeFile } from 'node:fs/promises'

interface Message extends Event {
  data?: Uint8Array | { subarray (): Uint8Array }
}

/** Begins at once. The returned function writes it all to a file, each stream in one piece */
export function hearEverything (): (file: string) => Promise<void> {
  const heard = new Map<EventTarget, Uint8Array[]>()
  // not bound: it is called on whatever dispatches
  const dispatch = Reflect.get(EventTarget.prototype, 'dispatchEvent') as (event: Event) => boolean

  EventTarget.prototype.dispatchEvent = function (this: EventTarget, event: Event): boolean {
    const { data } = event as Message

    if (event.type === 'message' && data != null && typeof data === 'object' && 'subarray' in data) {
      heard.set(this, [...heard.get(this) ?? [], Uint8Array.from(data.subarray())])
    }

    return dispatch.call(this, event)
  }

  return async file => writeFile(file, Buffer.concat([...heard.values()].map(chunks => Buffer.concat([...chunks, Buffer.from('\n--\n')]))))
}
