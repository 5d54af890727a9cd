import { readFile } from 'node:fs/promises'

const FILE_HEADER_BYTES = 24
const RECORD_HEADER_BYTES = 16
const LITTLE_ENDIAN = 0xd4c3b2a1

/** What came over a network interface, one packet after the other, as tcpdump wrote it with `-w`; a cut last packet is left out */
export async function readPackets (file: string): Promise<Buffer[]> {
  const bytes = await readFile(file)
  const packets: Buffer[] = []

  if (bytes.length < FILE_HEADER_BYTES || bytes.readUInt32BE(0) !== LITTLE_ENDIAN) {
    throw new Error(`${file} is no capture of tcpdump`)
  }

  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= bytes.length;) {
    const end = at + RECORD_HEADER_BYTES + bytes.readUInt32LE(at + 8)

    if (end > bytes.length) {
      break
    }

    packets.push(bytes.subarray(at + RECORD_HEADER_BYTES, end))
    at = end
  }

  return packets
}
