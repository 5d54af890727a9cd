import { expect } from 'aegir/chai'
import { spaceId } from '../../src/ids.ts'
import { MAX_CHAINS_PER_SPACE, MAX_SYNC_ROUND_BYTES, MAX_SYNC_SPACES } from '../../src/limits.ts'
import { GRANT_BYTES, MAX_BAD_ENTRIES, MAX_KNOWN_RANGES, MAX_SEARCHES, MAX_SEARCH_ROUNDS } from '../../src/sync/constants.ts'
import { SyncState } from '../../src/sync/state.ts'
import { person, writeChain } from '../../src/testing/simulator-people.ts'
import type { SpaceId } from '../../src/ids.ts'
import type { ChainView, Entry, Range } from '../../src/log/index.ts'
import type { Effect, Summary } from '../../src/sync/events.ts'
import type { Person } from '../../src/testing/simulator-people.ts'

describe('the state machine of sync', () => {
  let anna: Person
  let entries: Entry[]
  let state: SyncState

  before(async () => {
    anna = await person('anna', 2)
    entries = await writeChain(anna, 4)
  })

  beforeEach(() => {
    state = new SyncState()
  })

  function view (ranges: Range[], more: Partial<ChainView> = {}): ChainView {
    const last = ranges[ranges.length - 1]

    return { ...anna.chain(), ranges, ...(last == null ? {} : { head: { seq: last.to, id: entries[3].id } }), ...more }
  }

  function summary (...chains: ChainView[]): Summary {
    return { records: [{ identity: anna.identity, seq: 0, hash: anna.record.hash }], chains }
  }

  /** Opens the space with both sides' knowledge, and returns what came of it */
  function meet (mine: Summary, theirs: Summary, receipts: boolean = false): Effect[] {
    return [
      ...state.handle({ type: 'open', space: anna.space, receipts: false }),
      ...state.handle({ type: 'loaded', space: anna.space, summary: mine }),
      ...state.handle({ type: 'frame', frame: { type: 'have', space: anna.space, receipts, last: true, ...theirs } }),
      ...state.handle({ type: 'loaded', space: anna.space, summary: mine })
    ]
  }

  function types (effects: Effect[]): string[] {
    return effects.map(effect => effect.type === 'send' ? `send ${effect.frame.type}` : effect.type)
  }

  /** Everything that is sent from now on, as if each slice were a frame of so many bytes */
  function sendAll (bytes: number = 100): Array<[number, number]> {
    const slices: Array<[number, number]> = []
    let busy = true

    while (busy) {
      busy = false

      for (const effect of state.handle({ type: 'ready' })) {
        if (effect.type === 'read') {
          const slice = { from: effect.from, to: effect.to }

          slices.push([effect.to, effect.from])
          state.handle({ type: 'sent', space: anna.space, chain: effect.chain, bytes, slice, ranges: [slice] })
          busy = true
        }
      }
    }

    return slices
  }

  it('[SY20] opens with what is had, once', () => {
    expect(types(state.handle({ type: 'open', space: anna.space, receipts: false }))).to.deep.equal(['load'])
    expect(types(state.handle({ type: 'loaded', space: anna.space, summary: summary() }))).to.deep.equal(['send have'])
    expect(state.handle({ type: 'open', space: anna.space, receipts: false })).to.deep.equal([])
  })

  it('[SY20] tells anew when a record replaces another, or comes after entries that were refused, and not at the first of an identity', () => {
    const { space, identity } = anna
    const nothing: Summary = { records: [], chains: [] }
    const changed = (summary: Summary): string[] => [
      ...types(state.handle({ type: 'changed', space, identity })),
      ...types(state.handle({ type: 'loaded', space, summary }))
    ]

    meet(nothing, summary())
    expect(changed(summary())).to.deep.equal(['load'])
    expect(changed(summary())).to.deep.equal(['load', 'send have'])

    state = new SyncState()
    meet(nothing, summary())
    state.handle({ type: 'ingested', space, result: { added: [], known: 0, refused: [{ entry: entries[0], reason: 'unknown-device' }] } })
    state.handle({ type: 'loaded', space, summary: nothing })
    state.handle({ type: 'ingested', space, result: { added: [], known: 0, refused: [{ entry: entries[0], reason: 'unknown-device' }] } })
    expect(changed(summary())).to.deep.equal(['load', 'send have'])
  })

  it('[SY21] sends the newest first, first little and then more', () => {
    meet(summary(view([{ from: 0, to: 99 }])), summary())
    expect(sendAll()).to.deep.equal([[99, 84], [83, 52], [51, 0]])
  })

  it('[SY21] chains take turns', () => {
    const second = view([{ from: 0, to: 19 }], anna.chain(anna.signers[1]))

    meet(summary(view([{ from: 0, to: 19 }]), second), summary())
    expect(sendAll()).to.deep.equal([[19, 4], [19, 4], [3, 0], [3, 0]])
  })

  it('[SY22] sends just what is missing', () => {
    meet(summary(view([{ from: 0, to: 10 }, { from: 20, to: 30 }])), summary(view([{ from: 5, to: 24 }])))
    expect(sendAll()).to.deep.equal([[30, 25], [4, 0]])
  })

  it('[SY23] pushes what is added later, but not to where it came from', () => {
    meet(summary(), summary())
    sendAll()
    state.handle({ type: 'added', space: anna.space, chain: anna.chain(), ranges: [{ from: 7, to: 8 }] })
    expect(sendAll()).to.deep.equal([[8, 7]])
    state.handle({ type: 'received', space: anna.space, chain: anna.chain(), ranges: [{ from: 9, to: 12 }] })
    state.handle({ type: 'added', space: anna.space, chain: anna.chain(), ranges: [{ from: 9, to: 13 }] })
    expect(sendAll()).to.deep.equal([[13, 13]])
  })

  it('[SY24] says that it has sent all, once for each time the other side told what it has', () => {
    meet(summary(view([{ from: 0, to: 3 }])), summary())

    const first = state.handle({ type: 'ready' })

    expect(types(first)).to.deep.equal(['read'])
    state.handle({ type: 'sent', space: anna.space, chain: anna.chain(), bytes: 1, slice: { from: 0, to: 3 }, ranges: [{ from: 0, to: 3 }] })
    expect(types(state.handle({ type: 'ready' }))).to.deep.equal(['send caught-up'])
    expect(types(state.handle({ type: 'ready' }))).to.deep.equal([])
  })

  it('[SY25] sends what it took for sent again if it was not there', () => {
    meet(summary(view([{ from: 0, to: 3 }])), summary())
    state.handle({ type: 'ready' })
    state.handle({ type: 'sent', space: anna.space, chain: anna.chain(), bytes: 1, slice: { from: 0, to: 3 }, ranges: [{ from: 0, to: 1 }, { from: 3, to: 3 }] })
    state.handle({ type: 'added', space: anna.space, chain: anna.chain(), ranges: [{ from: 2, to: 2 }] })
    expect(sendAll()).to.deep.equal([[2, 2]])
  })

  it('[SY26] sends a record before anything else, if the other side has none or one that stands below', () => {
    expect(types(meet(summary(), { records: [], chains: [] }))).to.include('send-records')

    state = new SyncState()
    expect(types(meet(summary(), summary()))).to.not.include('send-records')
  })

  it('[SY28] what the other side named or sent it holds, and not what it was sent', () => {
    meet(summary(view([{ from: 0, to: 3 }])), { records: [], chains: [view([])] })
    expect(sendAll()).to.deep.equal([[3, 0]])
    expect(state.shown(anna.space)).to.deep.equal({ record: false, chains: [] })

    state.handle({ type: 'frame', frame: { type: 'records', space: anna.space, records: [anna.record.bytes] } })
    state.handle({ type: 'received', space: anna.space, chain: anna.chain(anna.signers[1]), ranges: [{ from: 0, to: 0 }] })
    expect(state.shown(anna.space)).to.deep.equal({ record: true, chains: [anna.chain(anna.signers[1])] })

    state.handle({ type: 'frame', frame: { type: 'have', space: anna.space, receipts: false, last: true, ...summary(view([{ from: 0, to: 3 }])) } })
    expect(state.shown(anna.space)?.chains).to.have.deep.members([anna.chain(), anna.chain(anna.signers[1])])
    expect(state.shown(spaceId(new Uint8Array(32)))).to.equal(undefined)
  })

  it('[SY27] after a refusal that more knowledge may mend, tells once more what is here, and not again', () => {
    const refused = { added: [], known: 0, refused: [{ entry: entries[0], reason: 'unknown-device' as const }] }

    meet(summary(), summary())
    expect(types(state.handle({ type: 'ingested', space: anna.space, result: refused }))).to.deep.equal(['load'])
    expect(types(state.handle({ type: 'loaded', space: anna.space, summary: summary() }))).to.include('send have')
    expect(types(state.handle({ type: 'ingested', space: anna.space, result: refused }))).to.deep.equal([])
  })

  it(`[SY30] sends ${MAX_SYNC_ROUND_BYTES} bytes and no more until it is asked on`, () => {
    meet(summary(view([{ from: 0, to: 100_000 }])), summary())
    expect(sendAll(60_000)).to.have.lengthOf(Math.ceil((MAX_SYNC_ROUND_BYTES - 60_000) / 60_000))
    expect(state.handle({ type: 'ready' })).to.deep.equal([])
    state.handle({ type: 'frame', frame: { type: 'more', bytes: 120_000 } })
    expect(sendAll(60_000)).to.have.lengthOf(2)
  })

  it('[SY31] asks on when it has dealt with enough', () => {
    const half = new Uint8Array(GRANT_BYTES / 2)
    const frame = { type: 'entries' as const, space: anna.space, entries: [half] }
    const nothing = { added: [], known: 0, refused: [] }

    meet(summary(), summary())
    expect(types(state.handle({ type: 'frame', frame }))).to.deep.equal(['ingest'])
    expect(state.handle({ type: 'ingested', space: anna.space, result: nothing })).to.deep.equal([])
    state.handle({ type: 'frame', frame })
    expect(state.handle({ type: 'ingested', space: anna.space, result: nothing })).to.deep.equal([
      { type: 'send', frame: { type: 'more', bytes: GRANT_BYTES } }
    ])
  })

  it('[SY31] entries of a space that was closed count too, and are not taken', () => {
    expect(types(state.handle({ type: 'frame', frame: { type: 'entries', space: anna.space, entries: [new Uint8Array(GRANT_BYTES)] } }))).to.deep.equal(['send more'])
  })

  it('[SY32] ends the stream of a peer that sends one byte more than it was asked for', () => {
    meet(summary(), summary())
    expect(types(state.handle({ type: 'frame', frame: { type: 'entries', space: anna.space, entries: [new Uint8Array(MAX_SYNC_ROUND_BYTES)] } }))).to.deep.equal(['ingest'])

    const [effect] = state.handle({ type: 'frame', frame: { type: 'entries', space: anna.space, entries: [Uint8Array.of(1)] } })

    expect(effect.type === 'fail' && effect.error.name).to.equal('SyncFloodError')
  })

  it(`[SY33] ends the stream of a peer that sends more than ${MAX_BAD_ENTRIES} entries that nobody signed`, () => {
    const result = { added: [], known: 0, refused: [{ entry: entries[0], reason: 'bad-signature' as const }] }

    meet(summary(), summary())

    for (let i = 0; i < MAX_BAD_ENTRIES; i++) {
      expect(state.handle({ type: 'ingested', space: anna.space, result })).to.deep.equal([])
    }

    expect(types(state.handle({ type: 'ingested', space: anna.space, result }))).to.deep.equal(['fail'])
  })

  it(`[SY34] takes up ${MAX_SYNC_SPACES} spaces of a peer and refuses one more`, () => {
    const have = (space: SpaceId): Effect[] => state.handle({ type: 'frame', frame: { type: 'have', space, receipts: false, last: true, records: [], chains: [] } })
    const space = (i: number): SpaceId => spaceId(Uint8Array.of(i & 255, i >> 8, ...new Uint8Array(30)))

    for (let i = 0; i < MAX_SYNC_SPACES; i++) {
      expect(types(have(space(i)))).to.deep.equal(['load'])
    }

    expect(types(have(space(MAX_SYNC_SPACES)))).to.deep.equal(['send refused'])
    expect(types(have(space(0)))).to.deep.equal([])
  })

  it(`[SY35] ends the stream of a peer that names more than ${MAX_CHAINS_PER_SPACE} chains of a space`, () => {
    const chains = Array.from({ length: MAX_CHAINS_PER_SPACE + 1 }, (_, i) => ({ ...view([]), device: `${i}` as ChainView['device'] }))
    const have = { type: 'have' as const, space: anna.space, receipts: false, last: false, records: [] }

    expect(state.handle({ type: 'frame', frame: { ...have, chains: chains.slice(1) } }).filter(({ type }) => type === 'fail')).to.deep.equal([])

    const effects = state.handle({ type: 'frame', frame: { ...have, chains: chains.slice(0, 1) } })

    expect(effects[0].type === 'fail' && effects[0].error.name).to.equal('LimitExceededError')
  })

  it('[SY50] looks for a split where the other side names another head', () => {
    const effects = meet(summary(view([{ from: 0, to: 9 }])), summary(view([{ from: 0, to: 8 }], { head: { seq: 8, id: entries[0].id } })))

    expect(types(effects)).to.include('compare')
    expect(types(state.handle({ type: 'compared', chain: anna.chain(), differs: 8 }))).to.deep.equal(['send trace'])
    expect(types(state.handle({ type: 'frame', frame: { type: 'trail', chain: anna.chain(), points: [] } }))).to.deep.equal(['compare'])
    expect(state.handle({ type: 'compared', chain: anna.chain(), same: 2, differs: 6 })).to.deep.equal([
      { type: 'send', frame: { type: 'trace', chain: anna.chain(), from: 2, to: 6 } }
    ])
    expect(state.handle({ type: 'compared', chain: anna.chain(), same: 4, differs: 5 })).to.deep.equal([
      { type: 'send', frame: { type: 'ask-branch', chain: anna.chain(), seq: 5 } }
    ])
    expect(types(state.handle({ type: 'frame', frame: { type: 'branch', chain: anna.chain(), branch: { headers: [], signature: new Uint8Array(64) } } }))).to.deep.equal(['prove'])
  })

  it(`[SY51] gives up a search after ${MAX_SEARCH_ROUNDS} questions`, () => {
    meet(summary(), summary())
    state.handle({ type: 'compared', chain: anna.chain(), differs: 1_000 })

    for (let i = 1; i < MAX_SEARCH_ROUNDS; i++) {
      expect(types(state.handle({ type: 'compared', chain: anna.chain(), same: i, differs: 1_000 - i }))).to.deep.equal(['send trace'])
    }

    expect(types(state.handle({ type: 'compared', chain: anna.chain(), same: 400, differs: 500 }))).to.not.include('send trace')
  })

  it(`[SY53] looks for at most ${MAX_SEARCHES} splits at the same time`, () => {
    const key = (i: number): ChainView => ({ ...view([]), device: `${i}` as ChainView['device'] })

    meet(summary(), summary())

    for (let i = 0; i < MAX_SEARCHES; i++) {
      expect(types(state.handle({ type: 'compared', chain: key(i), differs: 3 }))).to.deep.equal(['send trace'])
    }

    expect(state.handle({ type: 'compared', chain: key(MAX_SEARCHES), differs: 3 })).to.deep.equal([])
  })

  it('[SY36] remembers no more chains and ranges of the other side than there can be', () => {
    meet(summary(), summary())

    for (let i = 0; i < MAX_CHAINS_PER_SPACE; i++) {
      state.handle({ type: 'received', space: anna.space, chain: { ...anna.chain(), device: `${i}` as ChainView['device'] }, ranges: [{ from: 1, to: 1 }] })
    }

    const ranges = Array.from({ length: MAX_KNOWN_RANGES + 1 }, (_, i) => ({ from: 3 * i, to: 3 * i }))

    state.handle({ type: 'received', space: anna.space, chain: anna.chain(), ranges: [{ from: 0, to: 5 }] })
    state.handle({ type: 'added', space: anna.space, chain: anna.chain(), ranges: [{ from: 0, to: 5 }] })
    expect(sendAll()).to.deep.equal([[5, 0]])

    const known = { ...anna.chain(), device: '0' as ChainView['device'] }

    state.handle({ type: 'received', space: anna.space, chain: known, ranges })
    state.handle({ type: 'added', space: anna.space, chain: known, ranges: [{ from: 0, to: 2 }] })
    expect(sendAll()).to.deep.equal([[2, 2], [0, 0]])
    state.handle({ type: 'received', space: anna.space, chain: { ...known, device: '1' as ChainView['device'] }, ranges: ranges.slice(0, MAX_KNOWN_RANGES) })
    state.handle({ type: 'added', space: anna.space, chain: { ...known, device: '1' as ChainView['device'] }, ranges: [{ from: 0, to: 3 }] })
    expect(sendAll()).to.deep.equal([[2, 2]])
  })

  it('[SY52] ignores answers that nobody asked for', () => {
    meet(summary(), summary())
    expect(state.handle({ type: 'frame', frame: { type: 'trail', chain: anna.chain(), points: [] } })).to.deep.equal([])
    expect(state.handle({ type: 'frame', frame: { type: 'branch', chain: anna.chain(), branch: { headers: [], signature: new Uint8Array(64) } } })).to.deep.equal([])
  })
})
