import fc from 'fast-check'
import { concat } from 'uint8arrays/concat'
import { encode } from '../../src/codec/index.ts'
import { decodeRecord } from '../../src/identity/index.ts'
import { MAX_RECORD_BYTES } from '../../src/limits.ts'
import { cases } from '../cases.ts'
import { filled, recordFields, signFields, testRoot } from './identity-vectors.ts'
import type { Fields } from './identity-vectors.ts'
import type { Root } from '../../src/identity/index.ts'

const ERRORS = ['MalformedError', 'LimitExceededError', 'MalformedIdError', 'InvalidSignatureError', 'UnknownVersionError']

/** Anything CBOR can say, with lengths and numbers that are nearly right */
const anything: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, 1, 2, -1, 1.5, 2 ** 48, 2 ** 53 - 1, '', 'client', 'home', 2n ** 60n),
    fc.constantFrom(0, 1, 31, 32, 33, 63, 64, 65).map(length => filled(5, length)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('device', 'x25519', 'role', 'from', 'proof', 'cut', 'v', 'other'), tie('value'), { maxKeys: 5 })
  )
})).value

const change = fc.tuple(
  fc.constantFrom('v', 'identity', 'seq', 'prev', 'devices', 'closed', 'reading', 'recovery', 'publish', 'time', 'other'),
  fc.option(anything, { freq: 5 })
)

const deviceChange = fc.tuple(fc.constantFrom('device', 'x25519', 'role', 'from', 'proof', 'other'), fc.option(anything, { freq: 5 }))

/** Sets a field, or removes it */
function changed (fields: Fields, [name, value]: [name: string, value: unknown]): Fields {
  const { [name]: _, ...rest } = fields

  return value === null ? rest : { ...rest, [name]: value }
}

describe('decodeRecord, given anything', () => {
  let root: Root
  let fields: Fields
  let good: Uint8Array

  before(async () => {
    root = await testRoot()
    fields = await recordFields(root)
    good = await signFields(root, fields)
  })

  /** Only a named error, or a record that is the same bytes again and keeps the rules */
  async function holds (bytes: Uint8Array): Promise<boolean> {
    try {
      const { record, bytes: kept } = await decodeRecord(bytes)
      const devices = [...record.devices, ...record.closed].map(({ device }) => device)

      return kept === bytes && bytes.length <= MAX_RECORD_BYTES && record.v === 1 && (record.seq === 0) === (record.prev == null) &&
        record.devices.every(({ from }) => from <= record.seq) && new Set(devices).size === devices.length
    } catch (err) {
      return err instanceof Error && ERRORS.includes(err.name)
    }
  }

  it(`[ID20] to [ID29] a record that its root signed with anything in it, in ${cases} cases`, async function () {
    this.timeout(300_000)

    await fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 2 }), fc.array(deviceChange, { maxLength: 2 }), async (changes, deviceChanges) => {
      const devices = (fields.devices as Fields[]).map(device => deviceChanges.reduce(changed, device))

      return holds(await signFields(root, changes.reduce(changed, { ...fields, devices })))
    }), { numRuns: cases })
  })

  it(`[ID20] to [ID29] bytes that were changed, cut, lengthened or made up, in ${cases} cases`, async function () {
    this.timeout(300_000)

    const mutation = fc.tuple(fc.nat(), fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 40 }))

    await fc.assert(fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) }), async made => {
      if (made instanceof Uint8Array) {
        return holds(made)
      }

      let bytes = good

      for (const [from, removed, inserted] of made) {
        const at = from % (bytes.length + 1)
        bytes = concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)])
      }

      return holds(bytes)
    }), { numRuns: cases })
  })

  it('[ID20] any shape around the record', async function () {
    this.timeout(300_000)

    await fc.assert(fc.asyncProperty(anything, anything, anything, async (body, signature, ipns) => await holds(encode([body, signature, ipns])) && holds(encode(body))), { numRuns: cases })
  })
})
