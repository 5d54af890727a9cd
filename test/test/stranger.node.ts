import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { readPackets } from '../src/packets.ts'
import { startProgram } from '../src/processes.ts'
import { sandbox } from '../src/sandbox.ts'
import type { Program } from '../src/processes.ts'

const LAB_TIMEOUT_MS = 150_000

interface Found {
  event: string
  addresses: { relay: string, author: string, stranger: string }
  relayPeer: string
  author: { addresses: string[], peer: string, key: string, introduced: string[] }
  read: { posts: number, bytes: number, told: string }
  probed: { limited: boolean, identity: string, signalling: number, hello: string[], paths: string[] }
  remarks: string
}

function ipBytes (address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

/** IPv4 addresses as text, and as they stand in multiaddrs */
function shapesOf (...addresses: string[]): Buffer[] {
  return addresses.flatMap(address => [Buffer.from(address), Buffer.concat([Buffer.of(4), ipBytes(address)])])
}

describe('a stranger, at an address of their own', function () {
  this.timeout(LAB_TIMEOUT_MS)

  let folder: string
  let lab: Program
  let found: Found
  let packets: Buffer[]

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-stranger-'))
    lab = startProgram({ name: 'lab', script: 'test/test/labs/stranger-capture.ts', args: [folder], wrapper: sandbox() })
    found = await lab.event<Found>(({ event }) => event === 'done', { timeout: LAB_TIMEOUT_MS })
    packets = await readPackets(join(folder, 'stranger.pcap'))
  })

  after(async () => {
    await lab?.kill()
    await rm(folder, { recursive: true, maxRetries: 3 })
  })

  /** Both ends of an IPv4 packet */
  function ends (packet: Buffer): Buffer[] {
    const IPV4 = 0x0800

    return packet.readUInt16BE(12) === IPV4 ? [packet.subarray(26, 30), packet.subarray(30, 34)] : []
  }

  function packetsOf (address: string): Buffer[] {
    return packets.filter(packet => ends(packet).some(end => end.equals(ipBytes(address))))
  }

  it('[NW6] reads the whole wall and its pictures through the relay', () => {
    expect(found.read).to.include({ posts: 20, bytes: 60_000 })
  })

  it('[NW6] exchanges no packet with the author, and none names the author\'s address', () => {
    expect(found.remarks).to.include('0 packets dropped by kernel')
    expect(packetsOf(found.addresses.relay)).to.have.lengthOf.above(50)
    expect(packetsOf(found.addresses.author)).to.deep.equal([])
    expect(packets.filter(packet => shapesOf(...found.author.addresses).some(shape => packet.includes(shape)))).to.deep.equal([])
  })

  it('[NW6] is told neither an address nor a PeerId of the author by anything that reaches the process', async () => {
    const heard = await readFile(join(folder, 'stranger.heard'))
    const { peer, key } = found.author

    // what must be there if everything was written down
    expect(heard.includes('Number 20')).to.equal(true)
    expect(shapesOf(found.addresses.relay).some(shape => heard.includes(shape))).to.equal(true)
    expect(found.read.told).to.include(found.relayPeer)

    const secrets = [...shapesOf(...found.author.addresses), Buffer.from(peer), Buffer.from(key, 'hex')]

    expect(secrets.filter(secret => heard.includes(secret)).map(String)).to.deep.equal([])
    expect([...found.author.addresses, peer, ...secrets.map(secret => secret.toString('hex'))].filter(secret => found.read.told.includes(secret))).to.deep.equal([])
  })

  it('[NW4] who learnt the PeerId by other means gets no candidate of the author\'s: signalling is reset before a byte is sent', async () => {
    expect(found.probed).to.include({ limited: true, signalling: 0 })
    expect(found.probed.paths).to.deep.equal([])
    expect(shapesOf(...found.author.addresses).filter(shape => found.probed.identity.includes(shape.toString('hex')) || found.probed.identity.includes(String(shape)))).to.deep.equal([])

    const heard = await readFile(join(folder, 'prober.heard'))

    expect(heard.includes(Buffer.from(found.author.key, 'hex'))).to.equal(true)
    expect(shapesOf(...found.author.addresses).filter(shape => heard.includes(shape))).to.deep.equal([])
  })

  it('[GO6] who wants nothing is told of no topic, while one is alive at the relay', async () => {
    const [heard, reader] = await Promise.all(['bystander.heard', 'stranger.heard'].map(async name => readFile(join(folder, name))))
    const TOPICS = '/pergola/1/'

    // both have gossip; only who names a topic hears of it
    expect(heard.includes('/meshsub/1.2.0')).to.equal(true)
    expect(reader.includes(TOPICS)).to.equal(true)
    expect(heard.includes(TOPICS)).to.equal(false)
  })

  it('[HE41] who says hello with a forged token hears a nonce and no', () => {
    expect(found.probed.hello).to.deep.equal(['nonce', 'no'])
    expect(found.author.introduced).to.deep.equal([])
  })
})
