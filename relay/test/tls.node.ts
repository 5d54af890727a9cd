import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { multiaddr } from '@multiformats/multiaddr'
import { decodeRelayInfo } from '@pergola/protocols'
import { expect } from 'aegir/chai'
import { selfSigned } from '../src/data/certificate.ts'
import { startClient } from './support/client.ts'
import { PAGE, testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort } from './support/ports.ts'
import { get } from './support/raw-http.ts'
import { runRelayProcess, startRelayProcess } from './support/relay-process.ts'
import type { TestFolder } from './support/folders.ts'
import type { RelayProcess } from './support/relay-process.ts'

/** Fingerprint of the certificate that a new connection is shown */
async function shownCertificate (port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { fingerprint256 } = socket.getPeerCertificate()
  socket.destroy()

  return fingerprint256
}

describe('a relay with its own certificate', function () {
  this.timeout(60_000)

  const trusted = getCACertificates('default')
  let folder: TestFolder
  let relay: RelayProcess
  let port: number

  const writePair = async (name: string): Promise<string> => {
    const { pem, privateKey } = await selfSigned({ days: 2, names: [{ type: 'dns', value: '*.example.org' }, { type: 'dns', value: 'localhost' }, { type: 'ip', value: '127.0.0.1' }] })
    await writeFile(folder.at(`${name}.pem`), pem)
    await writeFile(folder.at(`${name}.key`), privateKey)

    return pem
  }

  before(async () => {
    folder = await testFolder()
    port = await freeTcpPort()
    setDefaultCACertificates([...trusted, await writePair('one')])
    relay = await startRelayProcess([
      '--data', folder.at('data'), '--client', await writeClient(folder.at('client')), '--host', '127.0.0.1', '--port', String(port), '--webrtc-port', '0',
      '--cert', folder.at('one.pem'), '--key', folder.at('one.key')
    ])
  })

  after(async () => {
    setDefaultCACertificates(trusted)
    await relay.stop()
    await folder.remove()
  })

  it('[D4] takes its name from the certificate', () => {
    expect(relay.ready.url).to.equal(`https://localhost:${port}`)
    expect(relay.ready.addrs).to.deep.equal([`/dns/localhost/tcp/${port}/tls/ws`])
  })

  it('[D4] serves the web client under whatever name, and no page may open an unencrypted socket', async () => {
    for (const host of ['localhost', 'example.org']) {
      const page = await get(`https://127.0.0.1:${port}/`, { host })

      expect(page.body.toString()).to.equal(PAGE)
      expect(page.headers['content-security-policy']).to.include("connect-src 'self' wss:;")
    }
  })

  it('[D4] is reached over WebSocket with TLS', async () => {
    const info = decodeRelayInfo(Buffer.from(new URL(relay.ready.invite).hash.replace('#relay=', ''), 'base64url'))
    const client = await startClient(info.path)
    const connection = await client.dial(multiaddr(info.addrs[0]))

    expect(connection.remotePeer.toString()).to.equal(info.peer)
    await client.stop()
  })

  it('[D4] reads its certificate anew on SIGHUP, and keeps the old one when the new one is not good', async () => {
    const first = await shownCertificate(port)
    await writePair('one')
    relay.child.kill('SIGHUP')
    await relay.logged('certificate read again')
    const second = await shownCertificate(port)

    await writeFile(folder.at('one.key'), 'rubbish')
    relay.child.kill('SIGHUP')
    await relay.logged('the old certificate stays in use')

    expect(second).to.not.equal(first)
    expect(await shownCertificate(port)).to.equal(second)
  })

  describe('says in one sentence', () => {
    const ended = async (cert: string, key: string): Promise<string> => {
      const { code, err } = await runRelayProcess(['--data', folder.at('data2'), '--port', '0', '--cert', folder.at(cert), '--key', folder.at(key)])
      expect(code).to.equal(1)
      expect(err.trim().split('\n')).to.have.length(1)

      return err
    }

    before(async () => {
      await writePair('two')
      await writePair('three')
      await writeFile(folder.at('text.pem'), 'rubbish')
    })

    it('[D4] that a file cannot be read', async () => {
      expect(await ended('missing.pem', 'two.key')).to.match(/^error: The certificate .*missing\.pem cannot be read \(ENOENT\)/)
      expect(await ended('two.pem', 'missing.key')).to.match(/^error: The private key .*missing\.key cannot be read \(ENOENT\)/)
    })

    it('[D4] that a file is no certificate or no key', async () => {
      expect(await ended('text.pem', 'two.key')).to.match(/text\.pem is no certificate in PEM form/)
      expect(await ended('two.pem', 'text.pem')).to.match(/text\.pem is no private key without a passphrase in PEM form/)
    })

    it('[D4] that key and certificate do not belong together', async () => {
      expect(await ended('two.pem', 'three.key')).to.match(/three\.key does not belong to the certificate .*two\.pem/)
    })
  })
})
