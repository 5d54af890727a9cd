/** What a page asks of WebRTC, and what its browser keeps, written down from outside. */
import type { BrowserContext, Page } from 'playwright-core'

export interface Ice {
  /** URLs of the ICE servers of every connection */
  servers: string[]
  /** UDP ports of the candidates that the page found for itself */
  own: number[]
  /** UDP ports of the other ends: candidates that they told, and those from which they answered with the password of the connection */
  told: number[]
}

/** Call it before the page is opened */
export async function recordIce (context: BrowserContext): Promise<Ice> {
  const ice: Ice = { servers: [], own: [], told: [] }

  await context.exposeFunction('noteIce', (kind: keyof Ice, texts: string[]) => {
    if (kind === 'servers') {
      ice.servers.push(...texts)
    } else {
      ice[kind].push(...texts.flatMap(text => [...text.matchAll(/ (\d+) typ /g)].map(match => Number(match[1]))))
    }
  })
  await context.addInitScript(() => {
    const { noteIce } = window as unknown as { noteIce (kind: string, texts: string[]): void }
    const Native = window.RTCPeerConnection

    window.RTCPeerConnection = class extends Native {
      constructor (configuration?: RTCConfiguration) {
        super(configuration)
        noteIce('servers', (configuration?.iceServers ?? [{ urls: 'none named: the default' }]).flatMap(({ urls }) => urls))

        const looking = setInterval(() => {
          void this.#look()

          if (this.signalingState === 'closed') {
            clearInterval(looking)
          }
        }, 100)

        this.addEventListener('iceconnectionstatechange', () => { void this.#look() })
        this.addEventListener('icecandidate', ({ candidate }) => { noteIce('own', [candidate?.candidate ?? '']) })
      }

      async #look (): Promise<void> {
        const report = await this.getStats()

        report.forEach((part: { type: string, port?: number }) => {
          if (part.type === 'remote-candidate' && part.port != null) {
            noteIce('told', [` ${part.port} typ `])
          }
        })
      }

      override close (): void {
        void this.#look()
        super.close()
      }

      override async setRemoteDescription (description: RTCSessionDescriptionInit): Promise<void> {
        noteIce('told', [description.sdp ?? ''])

        return super.setRemoteDescription(description)
      }

      override async addIceCandidate (candidate?: RTCIceCandidateInit | null): Promise<void> {
        noteIce('told', [candidate?.candidate ?? ''])

        return super.addIceCandidate(candidate)
      }
    }
  })

  return ice
}

export interface Kept {
  /** Names of databases, their stores, caches and items of the local storage */
  names: string[]
  /** Which of the words were found in the bytes and texts of all databases */
  found: string[]
  /** How many values were looked at */
  values: number
}

/** Reads everything that the databases of a page's origin hold */
export async function readKept (page: Page, words: string[]): Promise<Kept> {
  return page.evaluate(async words => {
    const names: string[] = [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys()]
    const found = new Set<string>()
    let values = 0

    const wait = async <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
      request.onsuccess = () => { resolve(request.result) }
      request.onerror = () => { reject(request.error) }
    })
    const look = (value: unknown): void => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        values++

        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
        const text = new TextDecoder('latin1').decode(bytes)

        words.filter(word => text.includes(word)).forEach(word => found.add(word))
      } else if (typeof value === 'string') {
        words.filter(word => value.includes(word)).forEach(word => found.add(word))
      } else if (value != null && typeof value === 'object') {
        Object.values(value).forEach(look)
      }
    }

    for (const { name } of await indexedDB.databases()) {
      const database = await wait(indexedDB.open(name ?? ''))

      names.push(name ?? '', ...database.objectStoreNames)

      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store)
        const [all, keys] = await Promise.all([wait(objects.getAll()), wait(objects.getAllKeys())])

        all.forEach(look)
        keys.forEach(look)
      }

      database.close()
    }

    Object.values(localStorage).forEach(look)

    return { names, found: [...found], values }
  }, words)
}
