import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { expect } from 'aegir/chai'
import { OPTIONS } from '../src/cli/options.ts'
import { testFolder, writeClient } from './support/folders.ts'
import { freeTcpPort } from './support/ports.ts'
import { runRelayProcess, startRelayProcess } from './support/relay-process.ts'
import type { TestFolder } from './support/folders.ts'
import type { AddressInfo } from 'node:net'

describe('the command line of a relay', function () {
  this.timeout(60_000)

  let folder: TestFolder

  /** Runs what must fail, and returns its one sentence */
  const failing = async (...args: string[]): Promise<string> => {
    const { code, err, out } = await runRelayProcess(['--data', folder.at('data'), ...args])

    expect(code).to.equal(1)
    expect(out).to.equal('')
    expect(err.trim().split('\n')).to.have.length(1)

    return err.trim()
  }

  before(async () => {
    folder = await testFolder()
  })

  after(async () => {
    await folder.remove()
  })

  it('[D4] explains every setting', async () => {
    const { code, out } = await runRelayProcess(['--help'])

    expect(code).to.equal(0)
    OPTIONS.forEach(({ name }) => expect(out).to.include(`--${name}`))
  })

  it('[D4] says that a port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo

    expect(await failing('--port', String(port))).to.equal(`error: Port ${port} on 127.0.0.1 is taken: choose another with --port, or stop the program that has it`)
    server.close()
  })

  for (const option of ['--stun-port', '--webrtc-port']) {
    it(`[D4] says that the UDP port of ${option} is taken`, async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1')
      await once(socket, 'listening')
      const { port } = socket.address()

      expect(await failing('--port', '0', '--webrtc-port', '0', option, String(port)))
        .to.equal(`error: UDP port ${port} on 127.0.0.1 cannot be opened (EADDRINUSE): choose another with ${option}, or 0 for none`)
      socket.close()
    })
  }

  for (const [args, sentence] of [
    [['--port', 'http'], '--port must be a whole number from 0 to 65535'],
    [['--port', '65536'], '--port must be a whole number from 0 to 65535'],
    [['--max-connections', '0'], '--max-connections must be a whole number from 1 to 5000'],
    [['--cert', 'a.pem'], 'A certificate needs its key and a key its certificate: give both --cert and --key'],
    [['--cert', 'a.pem', '--key', 'a.key', '--behind-proxy'], 'A certificate and a reverse proxy exclude each other: leave out --cert and --key, or --behind-proxy'],
    [['--behind-proxy'], 'Behind a reverse proxy, say which address people open: --public-url https://example.org'],
    [['--public-url', 'example.org'], '"example.org" is not an address to announce: write it like https://example.org or https://example.org:8443'],
    [['--behind-proxy', '--public-url', 'https://example.org', '--trusted-proxy', '10.0.0.0/33'], '"10.0.0.0/33" is neither an address nor a network: write it like 127.0.0.1 or 10.0.0.0/8'],
    [['--no-such-thing'], "unknown option '--no-such-thing'"],
    [['here'], '"here" is not understood: settings begin with --, see --help'],
    [['--host', '192.0.2.1', '--port', '0'], '192.0.2.1 is not an address of this machine: choose another with --host'],
    [['--client', '/no/such/folder', '--port', '0'], 'The folder of the web client cannot be read: build the client or point --client to it (ENOENT: no such file or directory, scandir \'/no/such/folder\')']
  ] as Array<[string[], string]>) {
    it(`[D4] says what is wrong with ${args.join(' ')}`, async () => {
      expect(await failing(...args)).to.equal(`error: ${sentence}`)
    })
  }

  it('[D4] says that the data folder cannot be used', async () => {
    await writeFile(folder.at('file'), '')

    expect(await failing('--data', folder.at('file', 'data'))).to.match(/^error: The data folder .* cannot be used \(ENOTDIR\): choose another with --data/)
  })

  it('[D4] says that a key is damaged, and does not replace it', async () => {
    await mkdir(folder.at('damaged'))
    await writeFile(folder.at('damaged', 'key'), 'rubbish')

    expect(await failing('--data', folder.at('damaged'))).to.match(/^error: .*key is damaged: put back a copy of it/)
    expect((await stat(folder.at('damaged', 'key'))).size).to.equal(7)
  })

  it('[D4] takes settings from a file, and flags before it', async () => {
    const port = await freeTcpPort()
    await writeFile(folder.at('relay.json'), JSON.stringify({
      data: folder.at('configured'), client: await writeClient(folder.at('client')), port: 1, 'webrtc-port': 0, 'stun-port': 0, name: 'From the file', 'announce-ip': ['192.0.2.9']
    }))
    const relay = await startRelayProcess(['--config', folder.at('relay.json'), '--port', String(port)])

    expect(relay.ready.port).to.equal(port)
    expect(relay.ready).to.not.have.property('stun')
    expect((await stat(folder.at('configured', 'key'))).mode & 0o777).to.equal(0o600)
    expect((await stat(folder.at('configured'))).mode & 0o777).to.equal(0o700)
    expect(await relay.stop()).to.equal(0)
  })

  const wrongFiles: Array<[string, RegExp]> = [
    ['{', /is not JSON/],
    ['[]', /must hold one JSON object, like \{"port": 4040\}/],
    ['{"prot": 1}', /"prot" in .* is no setting: --help lists them all/],
    ['{"port": "x"}', /"port" in .* must be a whole number from 0 to 65535/],
    ['{"behind-proxy": "yes"}', /"behind-proxy" in .* must be true or false/],
    ['{"name": ""}', /"name" in .* must be a text that is not empty/],
    ['{"trusted-proxy": [1]}', /"trusted-proxy" in .* must be a text/]
  ]
  wrongFiles.forEach(([text, sentence]) => {
    it(`[D4] says what is wrong with a file that holds ${text}`, async () => {
      await writeFile(folder.at('bad.json'), text)

      expect(await failing('--config', folder.at('bad.json'))).to.match(sentence)
    })
  })

  it('[D4] refuses a configuration file over 64 KiB', async () => {
    await writeFile(folder.at('large.json'), ' '.repeat(64 * 1024 + 1))

    expect(await failing('--config', folder.at('large.json'))).to.match(/is too large to be one/)
  })

  it('[D4] closes a data folder that others could read', async () => {
    await mkdir(folder.at('open'))
    await chmod(folder.at('open'), 0o755)
    const relay = await startRelayProcess(['--data', folder.at('open'), '--port', '0', '--webrtc-port', '0'])
    await relay.stop()

    expect((await stat(folder.at('open'))).mode & 0o777).to.equal(0o700)
  })
})
