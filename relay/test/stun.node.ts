import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect } from 'aegir/chai'
import fc from 'fast-check'
import { STUN_ANSWERS_PER_SECOND, STUN_ANSWERS_PER_SECOND_PER_IP } from '../src/constants.ts'
import { answerStun } from '../src/stun/message.ts'
import { rateBound } from '../src/stun/rate.ts'
import { startStunServer } from '../src/stun/server.ts'

const TRANSACTION = Buffer.from('b7e7a701bc34d686fa87dfae', 'hex')

function request (attributes: Buffer = Buffer.alloc(0), type = 0x0001): Buffer {
  const head = Buffer.alloc(20)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(attributes.length, 2)
  head.writeUInt32BE(0x2112A442, 4)
  head.set(TRANSACTION, 8)

  return Buffer.concat([head, attributes])
}

function attribute (type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)

  return Buffer.concat([head, value, Buffer.alloc((4 - value.length % 4) % 4)])
}

function answer (datagram: Uint8Array, address = '192.0.2.1', port = 32_853): string | undefined {
  const bytes = answerStun(datagram, { address, port })

  return bytes == null ? undefined : Buffer.from(bytes).toString('hex')
}

/** One question to a running server */
async function ask (family: 'udp4' | 'udp6', host: string, port: number, datagrams: Buffer[]): Promise<{ answer: Buffer, from: number }> {
  const socket = createSocket(family).bind(0, host)
  await once(socket, 'listening')
  const answered = once(socket, 'message')
  datagrams.forEach(datagram => { socket.send(datagram, port, host) })
  const [message] = await answered
  const from = socket.address().port
  socket.close()

  return { answer: message, from }
}

describe('STUN', () => {
  it('[D3] tells an IPv4 address as in the vector of RFC 5769 2.2', () => {
    // address 192.0.2.1, port 32853, transaction b7e7a701bc34d686fa87dfae: the XOR-MAPPED-ADDRESS of that vector
    expect(answer(request())).to.equal(`0101000c2112a442${TRANSACTION.toString('hex')}00200008` + '0001a147e112a643')
    expect(answer(request(), '::ffff:192.0.2.1')).to.equal(answer(request()))
  })

  it('[D3] tells an IPv6 address as in the vector of RFC 5769 2.3', () => {
    expect(answer(request(), '2001:db8:1234:5678:11:2233:4455:6677')).to.equal(
      `010100182112a442${TRANSACTION.toString('hex')}00200014` + '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9')
  })

  it('[D3] answers what ICE sends along, and ignores what may be ignored', () => {
    const attributes = Buffer.concat([attribute(0x0006, Buffer.from('abc:de')), attribute(0x0024, Buffer.alloc(4)), attribute(0x8022, Buffer.from('somebody')), attribute(0x8028, Buffer.alloc(4))])

    expect(answer(request(attributes))).to.equal(answer(request()))
  })

  it('[D3] refuses attributes that it would have to understand', () => {
    const changeRequest = attribute(0x0003, Buffer.alloc(4))

    expect(answer(request(changeRequest))).to.equal(`011100102112a442${TRANSACTION.toString('hex')}` + '0009000400000414' + '000a000200030000')
  })

  it('[D3] is silent about everything else', () => {
    const wrongCookie = request()
    wrongCookie[4] ^= 1
    const wrongLength = request()
    wrongLength[3] = 4
    const cutAttribute = request(Buffer.from([0, 6, 0, 9, 1, 2, 3, 4]))

    for (const datagram of [Buffer.alloc(0), request().subarray(0, 19), wrongCookie, wrongLength, cutAttribute, request(Buffer.alloc(2)),
      request(Buffer.alloc(0), 0x0101), request(Buffer.alloc(0), 0x0111), request(Buffer.alloc(0), 0x0011), request(Buffer.alloc(0), 0x0003)]) {
      expect(answer(datagram)).to.equal(undefined)
    }

    expect(answer(request(), 'not an address')).to.equal(undefined)
  })

  it('[D3] reads requests up to 548 bytes', () => {
    const filled = (bytes: number): Buffer => request(attribute(0x8022, Buffer.alloc(bytes - 24)))

    expect(answer(filled(548))).to.equal(answer(request()))
    expect(answer(filled(552))).to.equal(undefined)
  })

  it('[D3] survives any bytes, and never sends much more than it got', () => {
    const body = fc.uint8Array({ maxLength: 600 })
    const datagram = fc.oneof(body, body.map(bytes => request(Buffer.from(bytes))), body.map(bytes => request(attribute(bytes.length, Buffer.from(bytes)))))

    fc.assert(fc.property(datagram, fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }), (bytes, address, port) => {
      const out = answerStun(bytes, { address, port })

      return out == null || (out.length <= bytes.length + 28 && out.length % 4 === 0)
    }), { numRuns: 5_000 })
  })

  it('[D3] answers one address so often in a second, and the next second again', () => {
    const mayAnswer = rateBound()
    const answered = Array.from({ length: STUN_ANSWERS_PER_SECOND_PER_IP + 1 }, () => mayAnswer('192.0.2.1', 1_000))

    expect(answered.filter(Boolean)).to.have.length(STUN_ANSWERS_PER_SECOND_PER_IP)
    expect(mayAnswer('192.0.2.2', 1_999)).to.equal(true)
    expect(mayAnswer('192.0.2.1', 1_999)).to.equal(false)
    expect(mayAnswer('192.0.2.1', 2_000)).to.equal(true)
  })

  it('[D3] takes a /64 of IPv6 for one address', () => {
    const mayAnswer = rateBound(10, 1)

    expect(mayAnswer('2001:db8::1', 0)).to.equal(true)
    expect(mayAnswer('2001:db8::2:0:0:2', 0)).to.equal(false)
    expect(mayAnswer('2001:db8:0:1::1', 0)).to.equal(true)
  })

  it('[D3] answers everybody together so often in a second', () => {
    const mayAnswer = rateBound()
    const answered = Array.from({ length: STUN_ANSWERS_PER_SECOND + 1 }, (_, index) => mayAnswer(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 0))

    expect(answered.filter(Boolean)).to.have.length(STUN_ANSWERS_PER_SECOND)
  })

  it('[D3] is answered over IPv4 and IPv6 by one server, also after rubbish', async () => {
    const server = await startStunServer({ host: '::', port: 0 })

    for (const [family, host] of [['udp4', '127.0.0.1'], ['udp6', '::1']] as const) {
      const { answer, from } = await ask(family, host, server.port, [Buffer.from('rubbish'), Buffer.alloc(1_000, 255), request()])

      expect(answer.readUInt16BE(0)).to.equal(0x0101)
      expect(answer.subarray(8, 20)).to.deep.equal(TRANSACTION)
      expect(answer[25]).to.equal(family === 'udp4' ? 1 : 2)
      expect(answer.readUInt16BE(26) ^ 0x2112).to.equal(from)
    }

    await server.stop()
    await server.stop()
  })
})
