/**
 * Three machines, each in a network of its own, with a router between them: a relay, an author, a stranger whose every packet is written
 * down. Runs inside of a sandbox. Argument: a folder for what is found out; prints one line of JSON with what the test judges.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../src/processes.ts'
import { say } from './people.ts'
import type { Program } from '../../src/processes.ts'

const POSTS = 20
const [folder] = process.argv.slice(2)
// libp2p takes the ranges that are set aside for documents and tests for private ones
const ADDRESSES: Record<string, string> = { relay: '11.11.1.2', author: '11.11.2.2', stranger: '11.11.3.2' }
/** Another address of the author's, such as everybody has at home: libp2p tells such a one more readily */
const AT_HOME = '192.168.7.7'

function ip (...lines: string[]): void {
  execFileSync('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` })
}

function onMachine (name: string, script: string, args: string[]): Program {
  return startProgram({ name, script, args, wrapper: ['ip', 'netns', 'exec', name], log: join(folder, `${script.replaceAll('/', '-')}.log`) })
}

writeFileSync('/proc/sys/net/ipv4/ip_forward', '1')

for (const [name, address] of Object.entries(ADDRESSES)) {
  const router = address.replace(/2$/, '1')

  ip(`netns add ${name}`, `link add to-${name} type veth peer name eth0 netns ${name}`, `addr add ${router}/30 dev to-${name}`, `link set to-${name} up`)
  execFileSync('ip', ['-n', name, '-batch', '-'], { input: `link set lo up\naddr add ${address}/30 dev eth0\nlink set eth0 up\nroute add default via ${router}\n` })
}

execFileSync('ip', ['-n', 'author', 'addr', 'add', `${AT_HOME}/32`, 'dev', 'lo'])

const capture = join(folder, 'stranger.pcap')
const tcpdump = spawn('ip', ['netns', 'exec', 'stranger', 'tcpdump', '-i', 'eth0', '-s', '0', '-U', '-B', '32768', '-Z', 'root', '-w', capture], { stdio: ['ignore', 'ignore', 'pipe'] })
const watching = once(tcpdump, 'exit')
let remarks = ''

await new Promise<void>(resolve => {
  tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => {
    remarks += text

    if (remarks.includes('listening on')) {
      resolve()
    }
  })
})

const relay = onMachine('relay', 'relay/dist/src/main.js', ['--json', '--data', join(folder, 'relay'), '--host', ADDRESSES.relay, '--port', '4040', '--cache', 'none'])
const { invite, peer: relayPeer } = await relay.event<{ event: string, invite: string, peer: string }>(({ event }) => event === 'ready')
const bystander = onMachine('stranger', 'test/test/labs/bystander.ts', [invite, join(folder, 'bystander.heard')])

await bystander.event<{ event: string }>(({ event }) => event === 'connected')

const author = onMachine('author', 'test/test/labs/author.ts', [`${ADDRESSES.author},${AT_HOME}`, invite, String(POSTS)])
const { link, peer, key } = await author.event<{ event: string, link: string, peer: string, key: string }>(({ event }) => event === 'ready')
const stranger = onMachine('stranger', 'test/test/labs/stranger.ts', [link, join(folder, 'stranger.heard'), String(POSTS)])
const read = await stranger.event<{ event: string }>(({ event }) => event === 'read')

await stranger.stop()
await bystander.stop()

const prober = onMachine('stranger', 'test/test/labs/prober.ts', [link, peer, join(folder, 'prober.heard')])
const probed = await prober.event<{ event: string }>(({ event }) => event === 'probed')

await prober.stop()
tcpdump.kill('SIGINT')
await watching

const introduced = author.output().filter(line => line.includes('"people":') && !line.includes('"people":0'))

await author.kill()
await relay.stop()
say('done', { addresses: ADDRESSES, relayPeer, author: { addresses: [ADDRESSES.author, AT_HOME], peer, key, introduced }, read, probed, remarks })
process.exit(0)
