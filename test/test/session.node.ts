import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { locateDataFolder, openHomeVault } from '@pergola/node'
import { prefixStore } from '@pergola/protocols'
import { openLevelStore } from '@pergola/protocols/storage/level'
import { expect } from 'aegir/chai'
import { goTo, isGreen, joinAs, light, post, postOf, sees } from '../src/accept/stories/first-light/people.ts'
import { openBrowser } from '../src/chromium.ts'
import { readPackets } from '../src/packets.ts'
import { startProgram } from '../src/processes.ts'
import { readKept, recordIce } from './labs/page-record.ts'
import { METADATA_CANARY, heicOfCamera, jpegOfCamera, pngOfCamera, webpOfCamera } from './labs/photographs.ts'
import type { Browser } from '../src/chromium.ts'
import type { Destination } from '../src/net-log.ts'
import type { Program } from '../src/processes.ts'
import type { Ice, Kept } from './labs/page-record.ts'
import type { Store } from '@pergola/protocols'
import type { ChildProcess } from 'node:child_process'
import type { Page } from 'playwright-core'

const PEOPLE = ['author', 'friend'] as const
const KEEPERS = ['relay', 'home'] as const
const NAME = 'Ada Canaryname'
const TEXT = 'What was written is canaryposttext'
const FILE_NAME = 'canaryfilename'
const METADATA = [METADATA_CANARY, 'Canary Camera', 'Exif\0\0', 'eXIf', 'EXIF', 'http://ns.adobe.com/xap', 'x:xmpmeta', 'XML:com.adobe.xmp', 'XMP ', 'GPSLatitude']
const PICTURES = ['\xff\xd8\xff', 'RIFF']
const WIDTH = 1600
const HEIGHT = 1200
/** Where names are asked for in a local network: WebRTC hides the addresses of friends behind names of that kind */
const LOCAL_NAMES = '224.0.0.251:5353'

async function draw (page: Page, type: string): Promise<Buffer> {
  return Buffer.from(await page.evaluate(async ({ type, width, height }) => {
    const canvas = new OffscreenCanvas(width, height)
    const pen = canvas.getContext('2d')

    if (pen == null) {
      throw new Error('Nothing can be drawn here')
    }

    for (let line = 0; line < height; line++) {
      pen.fillStyle = `hsl(${line % 360} 60% 50%)`
      pen.fillRect(0, line, width, 1)
    }

    return [...new Uint8Array(await (await canvas.convertToBlob({ type, quality: 0.8 })).arrayBuffer())]
  }, { type, width: WIDTH, height: HEIGHT }))
}

/** All values of a store, one after the other, and how many begin as pictures do */
async function readStore (store: Pick<Store, 'range'>): Promise<{ bytes: Buffer, pictures: number }> {
  const values: Uint8Array[] = []

  for await (const [key, value] of store.range()) {
    values.push(key, value)
  }

  return { bytes: Buffer.concat(values), pictures: values.filter(value => PICTURES.some(mark => Buffer.from(value).indexOf(mark, 0, 'latin1') === 0)).length }
}

function foundIn (bytes: Buffer, words: string[]): string[] {
  return words.filter(word => bytes.includes(word, 0, 'latin1'))
}

/** Resolves when as many pictures are there themselves, not their placeholders */
async function areSharp (page: Page, selector: string, count: number): Promise<void> {
  await page.waitForFunction(({ selector, count }) => {
    const PLACEHOLDER_PIXELS = 64

    return [...document.querySelectorAll<HTMLImageElement>(selector)].filter(({ naturalWidth }) => naturalWidth > PLACEHOLDER_PIXELS).length >= count
  }, { selector, count }, { timeout: 60_000 })
}

/** UDP ports that a process has open, as the kernel tells */
async function udpPorts (pid: number): Promise<number[]> {
  const sockets = new Set(await Promise.all((await readdir(`/proc/${pid}/fd`)).map(async fd => readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))))
  const tables = await Promise.all(['udp', 'udp6'].map(async name => readFile(`/proc/${pid}/net/${name}`, 'utf8')))

  return tables.flatMap(table => table.split('\n').slice(1))
    .map(line => line.trim().split(/\s+/))
    .filter(fields => sockets.has(`socket:[${fields[9]}]`))
    .map(fields => Number.parseInt(fields[1].split(':')[1], 16))
}

/** An author, a home and a friend at one relay; afterwards it is looked at what each of them turned to, sent and kept */
describe('a session with a photograph, a friend and a home', function () {
  this.timeout(180_000)

  let folder: string
  let relay: Program
  let home: Program
  let tcpdump: ChildProcess
  let author: Browser
  let friend: Browser
  let url: URL
  let ice: { author: Ice, friend: Ice }
  let kept: { author: Kept, friend: Kept }
  let destinations: { author: Destination[], friend: Destination[] }
  let homePorts: number[]
  let heicAnswer: string
  let sent: Buffer
  let disk: { relay: Awaited<ReturnType<typeof readStore>>, home: Awaited<ReturnType<typeof readStore>> }

  /** Writes down what goes through a TCP port of this machine */
  async function capture (port: string, file: string): Promise<void> {
    tcpdump = spawn('tcpdump', ['-i', 'lo', '-s', '0', '-U', '-B', '65536', '-Z', 'root', '-w', file, 'tcp', 'port', port], { stdio: ['ignore', 'ignore', 'pipe'] })

    let remarks = ''

    await new Promise<void>((resolve, reject) => {
      const failed = (): void => { reject(new Error(`This test records what is sent on loopback: install tcpdump and run it as root (${remarks.trim()})`)) }

      tcpdump.once('error', failed).once('exit', failed)
      tcpdump.stderr?.setEncoding('utf8').on('data', (text: string) => {
        remarks += text

        if (remarks.includes('listening on')) {
          resolve()
        }
      })
    })
    tcpdump.removeAllListeners('exit')
  }

  async function takePhotos (page: Page): Promise<string[]> {
    const photos = {
      [`${FILE_NAME}-1.jpg`]: jpegOfCamera(await draw(page, 'image/jpeg')),
      [`${FILE_NAME}-2.png`]: pngOfCamera(await draw(page, 'image/png')),
      [`${FILE_NAME}-3.webp`]: webpOfCamera(await draw(page, 'image/webp'), WIDTH, HEIGHT)
    }

    await mkdir(join(folder, 'photos'))

    return Promise.all(Object.entries(photos).map(async ([name, bytes]) => {
      const file = join(folder, 'photos', name)

      await writeFile(file, bytes)

      return file
    }))
  }

  async function tryHeic (page: Page): Promise<string> {
    const file = join(folder, 'photos', `${FILE_NAME}-4.heic`)

    await writeFile(file, heicOfCamera())
    await page.locator('input[type=file]').first().setInputFiles(file)
    await page.getByLabel(/^Describe picture/).waitFor()
    await page.getByRole('button', { name: 'Post', exact: true }).click()

    const answer = await page.getByRole('alert').first().innerText()

    await page.getByRole('button', { name: 'Remove picture 1' }).click()

    return answer
  }

  async function pairHome (page: Page): Promise<void> {
    const script = 'node/dist/src/main.js'
    const data = ['--json', '--data', join(folder, 'home')]

    home = startProgram({ name: 'home', script, args: ['start', ...data] })
    await home.event<{ event: string }>(({ event }) => event === 'ready')
    await goTo(page, 'Settings')
    await page.getByRole('button', { name: 'Pair your home' }).click()

    const [, link = ''] = /'([^']+)'/.exec(await page.getByLabel('Command for your home').inputValue()) ?? []

    const pairing = startProgram({ name: 'pair', script, args: ['pair', link, ...data] })
    const { code } = await pairing.event<{ code: string }>(line => 'code' in line)

    await page.getByText(`${code.slice(0, 3)} ${code.slice(3)}`).waitFor()
    await page.getByRole('button', { name: 'Yes, the same' }).click()
    await pairing.ended
    await sees(page, 'Paired. Your home now keeps your wall.')
  }

  async function invite (page: Page): Promise<string> {
    await goTo(page, 'Settings')
    await page.getByRole('button', { name: 'Make an invite link' }).click()

    const link = await page.getByLabel('Invite link').inputValue()

    await goTo(page, 'Home')

    return link
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pergola-session-'))
    relay = startProgram({ name: 'relay', script: 'relay/dist/src/main.js', args: ['--json', '--data', join(folder, 'relay'), '--port', '0'] })
    url = new URL((await relay.event<{ event: string, url: string }>(({ event }) => event === 'ready')).url)
    await capture(url.port, join(folder, 'sent.pcap'));
    [author, friend] = await Promise.all(['author', 'friend'].map(async name => openBrowser({ folder: join(folder, name) })))
    ice = { author: await recordIce(author.context), friend: await recordIce(friend.context) }

    const { page } = author

    await page.goto(url.href)
    await joinAs(page, NAME)
    await isGreen(page)

    const photos = await takePhotos(page)

    heicAnswer = await tryHeic(page)
    await pairHome(page)
    await goTo(page, 'Home')
    await post(page, TEXT, photos)
    await postOf(page, TEXT).getByText('At home').waitFor({ timeout: 60_000 })

    await friend.page.goto(await invite(page))
    await joinAs(friend.page, 'Bob')
    await sees(friend.page, TEXT)
    await areSharp(friend.page, 'article img', 3)
    await postOf(friend.page, TEXT).getByRole('button', { name: /^Open picture/ }).first().click()
    await areSharp(friend.page, 'dialog img', 1)
    await friend.page.keyboard.press('Escape')
    await light(friend.page).click()
    await sees(friend.page, 'directly, browser to browser', 60_000)

    const words = [...METADATA, ...PICTURES, FILE_NAME]

    homePorts = await udpPorts(home.pid)
    kept = { author: await readKept(page, words), friend: await readKept(friend.page, words) }
    destinations = { author: await author.destinations(), friend: await friend.destinations() }
    await Promise.all([home.stop(), relay.stop()])

    const ended = once(tcpdump, 'exit')

    tcpdump.kill('SIGINT')
    await ended
    sent = Buffer.concat(await readPackets(join(folder, 'sent.pcap')))
    const atRelay = await openLevelStore(join(folder, 'relay', 'blocks'))
    const atHome = await openHomeVault(locateDataFolder(join(folder, 'home')))
    disk = { relay: await readStore(atRelay), home: await readStore(prefixStore(await atHome.store(), new TextEncoder().encode('blocks/'))) }
    await atRelay.close()
    await atHome.close()
  })

  after(async () => {
    tcpdump?.kill('SIGKILL')
    await Promise.all([author?.close(), friend?.close(), home?.kill(), relay?.kill()])
    await rm(folder, { recursive: true, maxRetries: 3 })
  })

  PEOPLE.forEach(who => {
    it(`[E4] takes the page of the ${who} to its own origin, the relay and the UDP ports of chosen peers, and nowhere else`, () => {
      const mine = Object.values(networkInterfaces()).flatMap(entries => entries ?? []).map(({ address, family }) => family === 'IPv6' ? `[${address}]` : address)
      // a peer may be heard from a port before it has told it
      const ports = [...ice[who].told, ...ice[who === 'author' ? 'friend' : 'author'].own, ...homePorts]
      const peers = ports.flatMap(port => mine.map(address => `${address}:${port}`))
      const allowed = ({ kind, target }: Destination): boolean => {
        switch (kind) {
          case 'url': return new URL(target).host === url.host || /^(blob|data):/.test(target)
          case 'udp': return target === url.host || target === LOCAL_NAMES || peers.includes(target)
          default: return target === url.host || target === url.origin
        }
      }
      const targets = destinations[who].map(({ kind, target }) => `${kind} ${target}`)

      // the page, its service worker, its socket, its STUN server
      expect(targets).to.include.members([`url ${url.href}worker.js`, `tcp ${url.host}`, `udp ${url.host}`])
      expect(targets.some(target => target.startsWith(`url ws://${url.host}/`))).to.equal(true)
      expect(destinations[who].filter(destination => !allowed(destination))).to.deep.equal([])
    })

    it(`[NW5] asks no STUN server but the relay for the ${who}`, () => {
      expect(ice[who].own).to.not.deep.equal([])
      expect(ice[who].told).to.not.deep.equal([])
      expect([...new Set(ice[who].servers)]).to.deep.equal([`stun:${url.host}`])
    })

    it(`[D16] leaves harmless names in the browser of the ${who}`, () => {
      expect(kept[who].names).to.include('notes-1')
      expect(kept[who].names.filter(name => /pergola|relay|p2p|peer|social|wall|friend|mesh|ipfs|helia|gossip|node|censor|vpn|proxy/i.test(name))).to.deep.equal([])
    })

    it(`[ME14] [E1] leaves nothing of a photograph in the browser of the ${who}`, () => {
      expect(kept[who].found).to.deep.equal([])
    })

    it(`[ME17] leaves no file name in the browser of the ${who}`, () => {
      expect(kept[who].values).to.be.greaterThan(10)
      expect(kept[who].found).to.not.include(FILE_NAME)
    })
  })

  KEEPERS.forEach(where => {
    it(`[ME14] leaves no metadata of a photograph at the ${where}, in any variant`, () => {
      // small and large of three photographs, of which some are the same
      expect(disk[where].pictures).to.be.greaterThanOrEqual(4)
      expect(foundIn(disk[where].bytes, METADATA)).to.deep.equal([])
    })
  })

  it('[ME13] refuses a HEIC photograph with a sentence that says what to do', () => {
    expect(heicAnswer).to.equal('This kind of picture cannot be read here. Save it as JPEG or PNG and try again.')
  })

  it('[NW10] sends nothing readable between client and relay: no text, no name, no picture, no file name', () => {
    // what is public is readable, so everything was recorded
    expect(foundIn(sent, ['GET /config.json'])).to.have.lengthOf(1)
    expect(foundIn(sent, ['canaryposttext', 'Canaryname', FILE_NAME, METADATA_CANARY])).to.deep.equal([])

    const stored = disk.relay.bytes.indexOf('\xff\xd8\xff', 0, 'latin1')
    const IN_THE_PICTURE = 2_000

    expect(sent.includes(disk.relay.bytes.subarray(stored + IN_THE_PICTURE, stored + IN_THE_PICTURE + 32))).to.equal(false)
  })

  it('[ME17] leaves no file name on the disk of relay and home', async () => {
    for (const where of ['relay', 'home']) {
      const files = await readdir(join(folder, where), { recursive: true, withFileTypes: true })
      const contents = await Promise.all(files.filter(file => file.isFile()).map(async file => readFile(join(file.parentPath, file.name))))

      expect(contents.length).to.be.greaterThan(3)
      expect(files.filter(({ name }) => name.includes(FILE_NAME))).to.deep.equal([])
      expect(contents.filter(content => content.includes(FILE_NAME))).to.deep.equal([])
    }
  })
})
