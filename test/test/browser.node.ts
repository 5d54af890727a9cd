import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'aegir/chai'
import { openBrowser } from '../src/chromium.ts'
import { NoChromiumError, findChromium } from '../src/find-chromium.ts'
import { takeScreenshots } from '../src/screenshots.ts'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const PAGE = `<!doctype html><html style="color-scheme: light dark"><title>x</title><h1>Here</h1><script>
addEventListener('load', async () => {
  await fetch('/by-the-page')
  await fetch('http://elsewhere.invalid/').catch(() => {})
  await new Promise(resolve => { new Worker('/worker.js').onmessage = resolve })
  await navigator.serviceWorker.register('/service-worker.js')
  await navigator.serviceWorker.ready
  const socket = new WebSocket('ws://' + location.host + '/socket')
  await new Promise(resolve => { socket.onerror = resolve })
  const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + new URL(location.href).searchParams.get('stun') }] })
  peer.createDataChannel('x')
  await peer.setLocalDescription(await peer.createOffer())
  document.title = 'ready'
})
</script>`
const SCRIPTS: Record<string, string> = {
  '/worker.js': 'fetch("/by-the-worker").then(() => postMessage("done"))',
  '/service-worker.js': 'addEventListener("install", event => event.waitUntil(fetch("/by-the-service-worker")))'
}

describe('browsers of the stories', () => {
  let folder: string
  let server: Server

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-browser-'))
    server = createServer((request, response) => {
      const script = SCRIPTS[request.url ?? '']
      response.setHeader('content-type', script == null ? 'text/html' : 'text/javascript')
      response.end(script ?? PAGE)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, maxRetries: 3 })
  })

  it('write down every destination: page, workers, sockets, ICE', async () => {
    const { port } = server.address() as AddressInfo
    const stun = createSocket('udp4')
    stun.bind(0, '127.0.0.1')
    await once(stun, 'listening')
    const browser = await openBrowser({ folder: join(folder, 'destinations'), args: ['--host-resolver-rules=MAP *.invalid ~NOTFOUND'] })

    try {
      const asked = once(stun, 'message')
      await browser.page.goto(`http://127.0.0.1:${port}/?stun=${stun.address().port}`)
      await browser.page.waitForFunction(() => document.title === 'ready')
      await asked
      const destinations = await browser.destinations()
      const targets = destinations.map(destination => `${destination.kind} ${destination.target}`)
      const origin = `127.0.0.1:${port}`

      expect(targets).to.include.members([
        `url http://${origin}/by-the-page`,
        `url http://${origin}/by-the-worker`,
        `url http://${origin}/by-the-service-worker`,
        `url ws://${origin}/socket`,
        'url http://elsewhere.invalid/',
        `tcp ${origin}`,
        `udp 127.0.0.1:${stun.address().port}`
      ])
      const elsewhere = destinations.filter(({ target }) => !/127\.0\.0\.1:|elsewhere\.invalid|~notfound/.test(target))
      expect(elsewhere).to.deep.equal([])
    } finally {
      await browser.close()
      stun.close()
    }
  })

  it('are taken pictures of in both sizes, light and dark', async () => {
    const browser = await openBrowser({ folder: join(folder, 'pictures'), locale: 'zh-CN' })

    try {
      await browser.page.goto('data:text/html,<html style="color-scheme: light dark"><h1>Here')
      const files = await takeScreenshots(browser.page, join(folder, 'out'), 'here')
      const pictures = await Promise.all(files.map(async file => readFile(file)))
      const sizes = pictures.map(picture => `${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`)

      expect(sizes).to.deep.equal(['360x740', '360x740', '1280x800', '1280x800'])
      expect(pictures[0].equals(pictures[1]), 'light and dark differ').to.be.false()
      await expect(browser.page.evaluate(() => navigator.language)).to.eventually.equal('zh-CN')
    } finally {
      await browser.close()
    }
  })

  it('say in one sentence how to get one', () => {
    const before = process.env.CHROMIUM_PATH

    try {
      process.env.CHROMIUM_PATH = '/nowhere/chromium'
      expect(findChromium).to.throw(NoChromiumError).with.property('message').that.includes('install')
    } finally {
      if (before == null) {
        delete process.env.CHROMIUM_PATH
      } else {
        process.env.CHROMIUM_PATH = before
      }
    }
  })
})
