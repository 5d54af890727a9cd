import { toHex } from '../../src/ids.ts'

export interface EncodingVector {
  title: string
  bytes: string
  /** `malformed` or `limit` is what a decoder with the default limits must say */
  verdict: 'accept' | 'malformed' | 'limit'
}

const HASH = '00'.repeat(32)

/** A link: tag 42 over the CID with a zero before it */
function link (cid: string): string {
  const bytes = `00${cid}`

  return `d82a58${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`
}

const ACCEPT: Array<[title: string, bytes: string]> = [
  ['zero', '00'],
  ['one byte number', '1818'],
  ['largest safe integer', '1b001fffffffffffff'],
  ['number beyond the safe integers', '1bffffffffffffffff'],
  ['negative number', '20'],
  ['true', 'f5'],
  ['false', 'f4'],
  ['null', 'f6'],
  ['fraction, 64 bits', 'fb3ff8000000000000'],
  ['empty text', '60'],
  ['text', '6568656c6c6f'],
  ['text of four bytes a character', '64f09f98b4'],
  ['byte order mark inside text', '6461efbbbf'],
  ['empty bytes', '40'],
  ['bytes', '43010203'],
  ['empty array', '80'],
  ['array', '83010203'],
  ['empty map', 'a0'],
  ['map, shorter keys first', 'a261620162616102'],
  ['map with the key __proto__', 'a1695f5f70726f746f5f5fa0'],
  ['link', link(`01711220${HASH}`)],
  ['32 deep', '81'.repeat(32) + '80']
]

const MALFORMED: Array<[title: string, bytes: string]> = [
  ['nothing', ''],
  ['two values', '0000'],
  ['number longer than needed', '1817'],
  ['number longer than needed, two bytes', '190018'],
  ['number longer than needed, eight bytes', '1b0000000000000001'],
  ['length of text longer than needed', '780161'],
  ['length of an array longer than needed', '980100'],
  ['fraction, 16 bits', 'f93e00'],
  ['fraction, 32 bits', 'fa3fc00000'],
  ['whole number as a fraction', 'fb3ff0000000000000'],
  ['negative zero', 'fb8000000000000000'],
  ['not a number', 'fb7ff8000000000000'],
  ['infinity', 'fb7ff0000000000000'],
  ['negative infinity', 'fbfff0000000000000'],
  ['undefined', 'f7'],
  ['another simple value', 'f0'],
  ['simple value of two bytes', 'f8ff'],
  ['break by itself', 'ff'],
  ['array of indefinite length', '9f01ff'],
  ['map of indefinite length', 'bf616101ff'],
  ['text of indefinite length', '7f6161ff'],
  ['bytes of indefinite length', '5f4101ff'],
  ['reserved length', '1c'],
  ['text that is not UTF-8', '61ff'],
  ['text with half a character', '63eda080'],
  ['text with a longer form than needed', '62c080'],
  ['byte order mark at the beginning of text', '64efbbbf61'],
  ['map with its keys in another order', 'a2616201616101'],
  ['map with a longer key first', 'a262616101616101'],
  ['map with a key twice', 'a2616101616102'],
  ['map with a number for a key', 'a10101'],
  ['map with bytes for a key', 'a1416101'],
  ['another tag', 'c100'],
  ['tag 42 over text', 'd82a6161'],
  ['link without its zero', `d82a5824${`01711220${HASH}`}`],
  ['link longer than needed in its tag', `d9002a5825${`0001711220${HASH}`}`],
  ['link with a version written longer than needed', link(`8100711220${HASH}`)],
  ['link with a codec written longer than needed', link(`01f1001220${HASH}`)],
  ['link cut short', link('01711220')],
  ['link with bytes after its end', link(`01711220${HASH}00`)],
  ['text cut short', '6261'],
  ['number cut short', '19'],
  ['array cut short', '8201'],
  ['map cut short', 'a16161'],
  ['array that claims 2^53 members', '9b0020000000000000'],
  ['array that claims 2^64 - 1 members', '9bffffffffffffffff'],
  ['map that claims 2^64 - 1 members', 'bbffffffffffffffff'],
  ['text that claims 2^64 - 1 bytes', '7bffffffffffffffff']
]

const LIMIT: Array<[title: string, bytes: string]> = [
  ['33 deep', '81'.repeat(33) + '80'],
  ['4,000 deep', '81'.repeat(4_000) + '80'],
  ['maps and arrays 33 deep', '81a16161'.repeat(17) + '00'],
  ['tags 33 deep', `${'c1'.repeat(33)}00`],
  ['10,001 items', `992710${'00'.repeat(10_000)}`],
  ['10,001 empty maps', `992710${'a0'.repeat(10_000)}`],
  ['65,537 bytes', `5a0000fffc${toHex(new Uint8Array(65_532))}`]
]

/** What specs/vectors/encoding.json holds; bytes are limited to 65,536 */
export function encodingVectors (): EncodingVector[] {
  const of = (verdict: EncodingVector['verdict']) => ([title, bytes]: [title: string, bytes: string]): EncodingVector => ({ title, bytes, verdict })

  return [...ACCEPT.map(of('accept')), ...MALFORMED.map(of('malformed')), ...LIMIT.map(of('limit'))]
}
