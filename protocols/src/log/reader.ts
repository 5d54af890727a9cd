/** Reads entries where they are stored; changes nothing. */
import { SIGNATURE_INTERVAL } from '../limits.ts'
import { decodeEntry, idOfStored, readHeader, readParts, verifyEntry } from './entry.ts'
import { chainPrefix, endOf, prefixKey, seqKey, seqOfKey, spaceOfKey } from './keys.ts'
import { rangeOf } from './ranges.ts'
import type { EntryId, SpaceId } from '../ids.ts'
import type { Store } from '../interface.ts'
import type { Chains } from './chains.ts'
import type { ChainKey, Entry } from './entry.ts'
import type { Branch } from './fork-proof.ts'
import type { ReadOptions, StoredEntry } from './index.ts'

export class Reader {
  private readonly store: Store
  private readonly chains: Chains

  constructor (store: Store, chains: Chains) {
    this.store = store
    this.chains = chains
  }

  async spaces (): Promise<SpaceId[]> {
    const all = prefixKey('chain')
    const lt = endOf(all)
    const out: SpaceId[] = []
    let gte = all
    let found = true

    while (found) {
      found = false

      for await (const [key] of this.store.range({ gte, lt, limit: 1 })) {
        const space = spaceOfKey(key)

        out.push(space)
        gte = endOf(prefixKey('chain', space))
        found = true
      }
    }

    return out
  }

  async * entries (chain: ChainKey, options: ReadOptions): AsyncIterable<Entry> {
    const segments = (await this.chains.get(chain))?.held.segments ?? []

    for await (const { seq, bytes } of this.stored(chain, options)) {
      // a space that was being forgotten when the power failed leaves entries behind that are no longer held
      if (rangeOf(segments, seq) != null) {
        yield decodeEntry(bytes)
      }
    }
  }

  async * stored (chain: ChainKey, options: ReadOptions & { limit?: number }): AsyncIterable<StoredEntry> {
    const prefix = chainPrefix('entry', chain)

    if (options.from != null && options.from === options.to) {
      // a live entry is read once for everybody who gets it, and an iterator costs several times as much as this
      options.signal?.throwIfAborted()

      const bytes = await this.store.get(seqKey(prefix, options.from))

      if (bytes != null) {
        yield { seq: options.from, bytes }
      }

      return
    }

    const range = this.store.range({
      gte: seqKey(prefix, options.from ?? 0),
      lt: options.to == null ? endOf(prefix) : seqKey(prefix, options.to + 1),
      ...(options.reverse == null ? {} : { reverse: options.reverse }),
      ...(options.limit == null ? {} : { limit: options.limit }),
      ...(options.signal == null ? {} : { signal: options.signal })
    })

    for await (const [key, bytes] of range) {
      yield { seq: seqOfKey(key), bytes }
    }
  }

  async entry (chain: ChainKey, seq: number): Promise<Entry | undefined> {
    const bytes = await this.store.get(seqKey(chainPrefix('entry', chain), seq))

    return bytes == null ? undefined : decodeEntry(bytes)
  }

  async ids (chain: ChainKey, seqs: number[]): Promise<Array<EntryId | undefined>> {
    const prefix = chainPrefix('entry', chain)
    const stored = await this.store.getMany(seqs.map(seq => seqKey(prefix, seq)))

    return stored.map(bytes => bytes == null ? undefined : idOfStored(bytes))
  }

  /** Headers from the lowest entry at or above a place whose own signature is good, down to that place */
  async branch (chain: ChainKey, seq: number): Promise<Branch | undefined> {
    const found = await this.chains.get(chain)
    const segment = found == null ? undefined : rangeOf(found.held.segments, seq)

    if (segment == null) {
      return undefined
    }

    const headers: Uint8Array[] = []
    const to = Math.min(segment.to, seq + SIGNATURE_INTERVAL - 1)

    for await (const { bytes } of this.stored(chain, { from: seq, to })) {
      const { headerBytes, signature } = readParts(bytes)

      headers.unshift(headerBytes)

      if (await verifyEntry({ header: readHeader(headerBytes), headerBytes, signature })) {
        return { headers, signature }
      }
    }

    return undefined
  }
}
