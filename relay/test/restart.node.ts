import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'aegir/chai'
import { openDataFolder } from '../src/data/data-folder.ts'
import { testFolder } from './support/folders.ts'
import { freeTcpPort, freeUdpPort } from './support/ports.ts'
import { startRelayProcess } from './support/relay-process.ts'
import type { TestFolder } from './support/folders.ts'

const run = promisify(execFile)
const DIAL = fileURLToPath(new URL(`./support/dial-webrtc-direct${extname(import.meta.url)}`, import.meta.url))

describe('a relay that starts again', function () {
  this.timeout(60_000)

  let folder: TestFolder

  before(async () => {
    folder = await testFolder()
  })

  after(async () => {
    await folder.remove()
  })

  it('[D4] is the same at the same addresses: old invites go on working', async () => {
    const args = ['--data', folder.at('data'), '--port', String(await freeTcpPort()), '--webrtc-port', String(await freeUdpPort())]
    const first = await startRelayProcess(args)
    expect(await first.stop()).to.equal(0)
    const second = await startRelayProcess(args)

    expect(second.ready).to.deep.equal(first.ready)
    expect(first.ready.addrs[1]).to.match(/^\/ip4\/127\.0\.0\.1\/udp\/\d+\/webrtc-direct\/certhash\/uEi[\w-]{44}$/)

    // the address from before the restart, dialed after it
    const { stdout } = await run(process.execPath, [DIAL, `${first.ready.addrs[1]}/p2p/${first.ready.peer}`])

    expect(stdout.trim()).to.equal(first.ready.peer)
    expect(await second.stop()).to.equal(0)
  })

  it('[D4] is reached by WebRTC over IPv4 and IPv6', async () => {
    const relay = await startRelayProcess([
      '--data', folder.at('both'), '--port', String(await freeTcpPort()), '--webrtc-port', String(await freeUdpPort()), '--udp-host', '::', '--announce-ip', '127.0.0.1', '::1'
    ])
    const [, four, six] = relay.ready.addrs

    expect(four).to.match(/^\/ip4\/127\.0\.0\.1\/udp\//)
    expect(six).to.match(/^\/ip6\/::1\/udp\//)

    for (const address of [four, six]) {
      expect((await run(process.execPath, [DIAL, `${address}/p2p/${relay.ready.peer}`])).stdout.trim()).to.equal(relay.ready.peer)
    }

    await relay.stop()
  })

  it('[D4] survives an end without warning', async () => {
    const args = ['--data', folder.at('killed'), '--port', String(await freeTcpPort()), '--webrtc-port', String(await freeUdpPort())]
    const first = await startRelayProcess(args)
    first.child.kill('SIGKILL')
    await first.stop()
    const second = await startRelayProcess(args)

    expect(second.ready).to.deep.equal(first.ready)
    await second.stop()
  })

  it('[D16] keeps its secrets to itself', async () => {
    for (const name of ['key', 'path', 'certificate.json']) {
      expect((await stat(folder.at('data', name))).mode & 0o777).to.equal(0o600)
    }
  })

  it('[D16] has a certificate that lasts ten years and says nothing', async () => {
    const { certificate } = await openDataFolder(folder.at('data'))
    const x509 = new X509Certificate(certificate.pem)

    expect(new Date(x509.validTo).getTime() - Date.now()).to.be.within(3_649 * 86_400_000, 3_650 * 86_400_000)
    expect(x509.subject).to.equal('CN=localhost')
  })

  it('[D16] has another path and another key in each folder', async () => {
    const one = await openDataFolder(folder.at('one'))
    const two = await openDataFolder(folder.at('two'))

    expect(one.secretPath).to.not.equal(two.secretPath)
    expect(one.privateKey.equals(two.privateKey)).to.equal(false)
    expect(one.certificate.certhash).to.not.equal(two.certificate.certhash)
  })
})
