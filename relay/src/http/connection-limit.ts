import { sourceOf } from './remote-address.ts'
import type { Duplex } from 'node:stream'

/** Counts the sockets that each source has open; it remembers nobody who has none */
export interface ConnectionLimit {
  /** Counts a socket until it closes. False, and nothing is counted, when the source has all it may have */
  admit (address: string, socket: Duplex): boolean
}

export function connectionLimit (max: number): ConnectionLimit {
  const open = new Map<string, number>()

  return {
    admit: (address, socket) => {
      const source = sourceOf(address)
      const count = open.get(source) ?? 0

      if (count >= max) {
        return false
      }

      open.set(source, count + 1)
      socket.once('close', () => {
        const left = (open.get(source) ?? 1) - 1

        if (left === 0) {
          open.delete(source)
        } else {
          open.set(source, left)
        }
      })

      return true
    }
  }
}
