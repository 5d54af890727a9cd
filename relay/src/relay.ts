import { networkInterfaces } from 'node:os'
import { NotStartedError } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { announcedIps, isPublicAddress, otherListeners, stunAddress, webSocketAddress } from './address.ts'
import { STOP_GRACE_MS } from './constants.ts'
import { openDataFolder } from './data/data-folder.ts'
import { readTlsPair } from './data/tls.ts'
import { loadClientFiles } from './http/client-files.ts'
import { trustedProxies } from './http/remote-address.ts'
import { startRelayServer } from './http/server.ts'
import { inviteLink, pageConfig } from './invite.ts'
import { createRelayNetwork } from './network.ts'
import { createOutbound } from './outbound.ts'
import { relayServices } from './services.ts'
import { originOf, settingsOf } from './settings.ts'
import { startStunServer } from './stun/server.ts'
import { checkUdpPort } from './udp-port.ts'
import { sharedWebSockets } from './websocket.ts'
import type { RelayServer } from './http/server.ts'
import type { Relay, RelayInfo, RelayInit } from './index.ts'
import type { ServiceMap } from '@libp2p/interface'
import type { Libp2p, ServiceFactoryMap } from 'libp2p'

interface Running<T extends ServiceMap> {
  origin: URL
  address: Relay['address']
  info: RelayInfo
  libp2p: Libp2p<T>
  server: RelayServer
}

function hasIPv6 (): boolean {
  return Object.values(networkInterfaces()).some(entries => entries?.some(({ family }) => family === 'IPv6'))
}

/** A port, unless its number says that it is off */
function offOr (port: number): number | undefined {
  return port === 0 ? undefined : port
}

/** Addresses of this machine other than loopback, public ones first */
function interfaceAddresses (): string[] {
  const all = Object.values(networkInterfaces())
    .flatMap(entries => entries ?? [])
    .filter(entry => !entry.internal && !entry.address.startsWith('fe80:'))
    .map(entry => entry.address)

  return [...all.filter(isPublicAddress), ...all.filter(address => !isPublicAddress(address))]
}

/**
 * Opens the data folder, so that the peer id is known, and listens to nothing yet.
 *
 * @throws {InvalidOptionError} if options contradict each other
 * @throws {DataFolderError} if the data folder cannot be used
 */
export async function createRelay <T extends ServiceMap = ServiceMap> (init: RelayInit<T>): Promise<Relay<T>> {
  const settings = settingsOf(init, hasIPv6() ? '::' : '0.0.0.0')
  const trusts = trustedProxies(settings.trustedProxies)
  const data = await openDataFolder(init.dataDir)
  const peerId = peerIdFromPrivateKey(data.privateKey)
  /** Undone in reverse order, at stop and when a start fails half way */
  const undo: Array<() => Promise<void>> = []
  let running: Running<T> | undefined
  let config: string | undefined
  let turn: Promise<void> = Promise.resolve()

  const unwind = async (): Promise<void> => {
    running = undefined
    config = undefined

    while (undo.length > 0) {
      await undo.pop()?.()
    }
  }

  const open = async (): Promise<Running<T>> => {
    const tls = init.tls == null ? undefined : await readTlsPair(init.tls)
    const client = init.clientDir == null ? undefined : await loadClientFiles(init.clientDir)
    const webSockets = sharedWebSockets()
    const server = await startRelayServer({
      ...settings,
      tls,
      trusts,
      secretPath: data.secretPath,
      maxConnections: settings.policies.maxConnections,
      maxConnectionsPerIp: settings.policies.maxConnectionsPerIp,
      client,
      config: () => config,
      upgrade: webSockets.upgrade
    })
    undo.push(async () => server.stop())

    const interfaces = interfaceAddresses()
    const origin = originOf({ settings, port: server.port, names: tls?.names ?? [], interfaces })
    const ips = announcedIps({ named: init.announceIps ?? [], host: settings.udpHost, origin, interfaces })
    const webrtcPort = init.webrtcPort ?? server.port + 1
    const tcpPort = init.tcpPort ?? 0
    const stunPort = init.stunPort ?? server.port
    const stun = stunPort === 0 ? undefined : await startStunServer({ host: settings.udpHost, port: stunPort })

    if (stun != null) {
      undo.push(async () => stun.stop())
    }

    const others = otherListeners({ host: settings.udpHost, ips, webrtcPort, tcpPort, certhash: data.certificate.certhash })
    const addrs = [webSocketAddress(origin), ...others.announce]

    if (webrtcPort !== 0) {
      await checkUdpPort(settings.udpHost, webrtcPort, '--webrtc-port')
    }

    const outbound = createOutbound()
    const context = { dataDir: init.dataDir, privateKey: data.privateKey, policies: settings.policies, addrs, outbound }
    const libp2p = await createRelayNetwork<T>({
      data,
      webSockets,
      listen: others.listen,
      announce: addrs,
      outbound,
      services: { ...relayServices(settings.policies), ...init.services?.(context) } as unknown as ServiceFactoryMap<T>
    })
    undo.push(async () => {
      // whoever does not answer the farewell is not waited for
      const late = setTimeout(server.disconnect, STOP_GRACE_MS)

      try {
        await libp2p.stop()
      } finally {
        clearTimeout(late)
      }
    })

    const info: RelayInfo = {
      peer: peerId.toString(),
      addrs,
      path: data.secretPath,
      ...(stun == null ? {} : { stun: stunAddress(origin, stun.port) }),
      ...(init.name == null ? {} : { name: init.name })
    }

    for (const extension of init.extensions ?? []) {
      undo.push(async () => extension.stop())
      await extension.start({ libp2p, info, outbound })
    }

    config = await pageConfig(data.privateKey, info, Date.now())

    return {
      origin,
      address: { host: settings.host, port: server.port, stunPort: stun?.port, webrtcPort: offOr(webrtcPort), tcpPort: offOr(tcpPort) },
      info,
      libp2p,
      server
    }
  }

  /** One after the other, in the order they were asked for */
  const inTurn = async (action: () => Promise<void>): Promise<void> => {
    const mine = turn.then(action)
    turn = mine.catch(() => {})

    return mine
  }

  const started = (): Running<T> => {
    if (running == null) {
      throw new NotStartedError('The relay is not started')
    }

    return running
  }

  return {
    peerId,
    get origin () { return started().origin.origin },
    get address () { return started().address },
    get info () { return started().info },
    get invite () { return inviteLink(started().origin.origin, started().info) },
    get libp2p () { return started().libp2p },

    start: async () => inTurn(async () => {
      if (running != null) {
        return
      }

      try {
        running = await open()
      } catch (err) {
        await unwind()
        throw err
      }
    }),

    stop: async () => inTurn(unwind),

    reloadTls: async () => {
      if (init.tls != null) {
        started().server.setTls(await readTlsPair(init.tls))
      }
    }
  }
}
