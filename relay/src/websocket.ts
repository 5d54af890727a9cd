/**
 * libp2p's WebSocket listener behind somebody else's HTTP server: that server owns the port and hands over each socket that asked for the
 * secret path. `@libp2p/websockets` takes no server, so its listener is kept and its `onUpgrade` called: an internal, hence the pinned version.
 */
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { MAX_WEBSOCKET_MESSAGE_BYTES } from './constants.ts'
import type { Listener, Transport } from '@libp2p/interface'
import type { WebSocketsComponents } from '@libp2p/websockets'
import type { IncomingMessage } from 'node:http'
import type { Server } from 'node:net'
import type { Duplex } from 'node:stream'

/** What libp2p is told to listen on, in a form that no other WebSocket transport takes for its own */
export const SHARED_LISTEN_ADDRESS = '/ip4/127.0.0.1/tcp/0/ws/http-path/shared'

/** The listener wants a port of its own, but nothing is ever accepted on it */
const INTERNAL_ADDRESS = multiaddr('/ip4/127.0.0.1/tcp/0/ws')

interface Socket {
  on (event: 'error', listener: () => void): void
}

interface UpgradingListener extends Listener {
  onUpgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
  onWsServerConnection (socket: Socket, request: IncomingMessage): void
  server: Server
  wsServer: { options: { maxPayload: number } }
}

export interface SharedWebSockets {
  /** Give this to libp2p as a transport: it listens and never dials */
  transport (components: WebSocketsComponents): Transport
  /** Hands a socket over. It is destroyed while libp2p does not listen */
  upgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
}

function isUpgrading (listener: Listener): listener is UpgradingListener {
  return ['onUpgrade', 'onWsServerConnection', 'server', 'wsServer'].every(name => name in listener)
}

export function sharedWebSockets (): SharedWebSockets {
  let current: UpgradingListener | undefined

  return {
    transport: components => {
      const transport = webSockets()(components)
      const create = transport.createListener.bind(transport)

      // libp2p takes one transport of each name; the one that dials has the usual
      Object.defineProperty(transport, Symbol.toStringTag, { value: 'shared-websockets' })
      transport.dialFilter = () => []
      transport.listenFilter = addresses => addresses.filter(address => address.toString() === SHARED_LISTEN_ADDRESS)
      transport.createListener = options => {
        const listener = create(options)

        if (!isUpgrading(listener)) {
          throw new TypeError('This version of @libp2p/websockets has another listener')
        }

        const listen = listener.listen.bind(listener)
        const connected = listener.onWsServerConnection.bind(listener)

        listener.listen = async () => listen(INTERNAL_ADDRESS)
        listener.onWsServerConnection = (socket, request) => {
          // libp2p listens for no errors, and one that nobody hears ends the process: a single wrong frame would. The socket closes by itself
          socket.on('error', () => {})
          connected(socket, request)
        }
        listener.wsServer.options.maxPayload = MAX_WEBSOCKET_MESSAGE_BYTES
        // whoever is on this machine shall not get past the secret path by the internal port
        listener.server.maxConnections = 0
        current = listener
        listener.addEventListener('close', () => {
          current = current === listener ? undefined : current
        })

        return listener
      }

      return transport
    },
    upgrade: (request, socket, head) => {
      if (current == null) {
        socket.destroy()
      } else {
        current.onUpgrade(request, socket, head)
      }
    }
  }
}
