import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { decodeRelayInfo } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort } from './support/ports.ts'
import { exchange } from './support/raw-http.ts'
import { startRelayProcess } from './support/relay-process.ts'
import type { TestFolder } from './support/folders.ts'
import type { RelayProcess } from './support/relay-process.ts'

const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

function ask (path: string, headers = '', method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`
}

/** All that could tell one answer from another, but for the time */
function withoutDate (answer: string): string {
  return answer.replace(/^Date: .*\r\n/m, '')
}

describe('a probe of a relay', function () {
  this.timeout(60_000)

  let folder: TestFolder
  let relay: RelayProcess
  let path: string
  let missing: string

  const probe = async (text: string): Promise<string> => withoutDate(await exchange(relay.ready.port, text, '404 Not Found\n'))

  before(async () => {
    folder = await testFolder()
    relay = await startRelayProcess(['--data', folder.at('data'), '--client', await writeClient(folder.at('client')), '--port', String(await freeTcpPort()), '--webrtc-port', '0'])
    path = decodeRelayInfo(Buffer.from(new URL(relay.ready.invite).hash.replace('#relay=', ''), 'base64url')).path
    missing = await probe(ask('/nothing-here'))
  })

  after(async () => {
    await relay.stop()
    await folder.remove()
  })

  it('[D16] meets the 404 of any plain site', () => {
    expect(missing).to.match(/^HTTP\/1\.1 404 Not Found\r\n/)
    expect(missing).to.match(/\r\n\r\n404 Not Found\n$/)
    expect(missing).to.not.match(/^(server|x-powered-by|via):/mi)
    expect(missing).to.not.match(/fastify|libp2p|pergola|relay|node/i)
  })

  const probes: Record<string, (secret: string) => string> = {
    'an upgrade to another path': () => ask('/nothing-here', UPGRADE),
    'an upgrade to a path of the same length': secret => ask(`/${'x'.repeat(secret.length)}`, UPGRADE),
    'an upgrade to the secret path with more behind it': secret => ask(`/${secret}/`, UPGRADE),
    'an upgrade to the secret path with a query': secret => ask(`/${secret}?`, UPGRADE),
    'the secret path without an upgrade': secret => ask(`/${secret}`),
    'an upgrade of the secret path to something else': secret => ask(`/${secret}`, 'Connection: Upgrade\r\nUpgrade: h2c\r\n'),
    'a path that cannot be decoded': () => ask('/%zz'),
    'a path upwards': () => ask('/../../etc/passwd'),
    'a hidden file': () => ask('/.hidden'),
    'another method': () => ask('/', 'Content-Length: 0\r\n', 'DELETE'),
    'a body that is not JSON': () => `${ask('/nothing-here', 'Content-Type: application/json\r\nContent-Length: 3\r\n', 'POST')}{{{`
  }
  Object.entries(probes).forEach(([what, make]) => {
    it(`[D16] sees no difference between a missing page and ${what}`, async () => {
      expect(await probe(make(path))).to.equal(missing)
    })
  })

  it('[D16] gets the page where it asks to upgrade the page', async () => {
    const plain = await exchange(relay.ready.port, ask('/'), '</script>')

    expect(withoutDate(await exchange(relay.ready.port, ask('/', UPGRADE), '</script>'))).to.equal(withoutDate(plain))
    expect(plain).to.match(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it('[D16] that speaks no HTTP is told no more than a bare 400', async () => {
    expect(await exchange(relay.ready.port, '\u0000\u0001 hello\r\n\r\n')).to.equal('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    expect(await exchange(relay.ready.port, ask('/', `X-Large: ${'x'.repeat(20_000)}\r\n`))).to.match(/^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n/)
  })

  const wrongFrames: Array<[string, Buffer]> = [
    ['is not masked', Buffer.from([0x82, 0x01, 0x00])],
    ['has an opcode that does not exist', Buffer.from([0x8B, 0x80, 1, 2, 3, 4])],
    ['announces more than 1 MiB', Buffer.from([0x82, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 1, 1, 2, 3, 4])]
  ]
  wrongFrames.forEach(([what, frame]) => {
    it(`[E5] whose frame ${what} is hung up on, and nobody else`, async () => {
      const socket = connect(relay.ready.port, '127.0.0.1')
      socket.write(ask(`/${path}`, UPGRADE))
      const [switching] = await once(socket, 'data')
      socket.write(frame)
      socket.resume()
      await once(socket, 'close')

      expect(String(switching)).to.match(/^HTTP\/1\.1 101 /)
      expect(await probe(ask('/nothing-here'))).to.equal(missing)
      expect(relay.child.exitCode).to.equal(null)
    })
  })

  it('[D16] finds nothing behind the port that libp2p holds for itself', async () => {
    const switching = request({ port: relay.ready.port, host: '127.0.0.1', path: `/${path}`, headers: { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' } })
    switching.end()
    const [response, socket] = await once(switching, 'upgrade')
    socket.destroy()

    expect(response.statusCode).to.equal(101)

    for (const port of await listeningPorts(relay.child.pid ?? 0)) {
      if (port !== relay.ready.port) {
        expect(await exchange(port, ask('/', UPGRADE)).catch(() => '')).to.equal('')
      }
    }
  })
})

/** TCP ports on which a process listens, as the kernel tells */
async function listeningPorts (pid: number): Promise<number[]> {
  const { readdir, readFile, readlink } = await import('node:fs/promises')
  const sockets = new Set(await Promise.all((await readdir(`/proc/${pid}/fd`)).map(async fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))))
  const LISTENING = '0A'

  return (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).split('\n').slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(fields => fields[3] === LISTENING && sockets.has(`socket:[${fields[9]}]`))
    .map(fields => Number.parseInt(fields[1].split(':')[1], 16))
}
