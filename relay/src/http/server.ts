/**
 * The one server that owns the relay's TCP port: pages, and WebSockets on the secret path. Whoever lacks the path meets an ordinary web site.
 */
import { timingSafeEqual } from 'node:crypto'
import { createServer as createHttpServer, STATUS_CODES } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import Fastify from 'fastify'
import { PortUnavailableError } from '../errors.ts'
import { chooseEncoding } from './client-files.ts'
import { connectionLimit } from './connection-limit.ts'
import { EXPLANATION_HTML, EXPLANATION_POLICY } from './explanation.ts'
import { securityHeaders } from './headers.ts'
import { isSecureContext, requestScheme } from './origin.ts'
import { headerText, remoteAddress } from './remote-address.ts'
import type { ClientFiles } from './client-files.ts'
import type { Security } from './origin.ts'
import type { TrustedProxies } from './remote-address.ts'
import type { TlsPair } from '../data/tls.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'

export interface RelayServerInit {
  host: string
  port: number
  security: Security
  tls?: TlsPair
  trusts: TrustedProxies
  secretPath: string
  maxConnections: number
  maxConnectionsPerIp: number
  /** The web client; without it there is only a front page that says nothing */
  client?: ClientFiles
  /** What a page of this origin is told of its relay, as JSON; undefined while it is not known yet */
  config (): string | undefined
  /** A socket that asked for the secret path; its `remoteAddress` is the real one */
  upgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export interface RelayServer {
  /** The TCP port it has */
  port: number
  /** New connections get this certificate from now on */
  setTls (pair: TlsPair): void
  /** Drops every WebSocket */
  disconnect (): void
  stop (): Promise<void>
}

const NOT_FOUND = '404 Not Found\n'
const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
const TOO_MANY = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
const MAX_HEADER_BYTES = 16 * 1024
const HEADERS_TIMEOUT_MS = 20_000

function pathTest (secretPath: string): (request: IncomingMessage) => boolean {
  const wanted = Buffer.from(`/${secretPath}`)

  return request => {
    const asked = Buffer.from(request.url ?? '')

    return asked.length === wanted.length && timingSafeEqual(asked, wanted) && request.headers.upgrade?.toLowerCase() === 'websocket'
  }
}

function plain (reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-cache').type('text/plain; charset=utf-8').send(text)
}

async function sendFile (init: RelayServerInit, path: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const file = init.client?.get(path)

  if (file == null) {
    return plain(reply, 404, NOT_FOUND)
  }

  reply.header('cache-control', file.cacheControl).header('etag', file.etag).type(file.type)

  if (file.compressible) {
    reply.header('vary', 'accept-encoding')
  }

  if (request.headers['if-none-match'] === file.etag) {
    return reply.code(304).send()
  }

  const encoding = file.compressible ? chooseEncoding(request.headers['accept-encoding']) : 'identity'

  if (encoding !== 'identity') {
    reply.header('content-encoding', encoding)
  }

  return reply.send(await file.body(encoding))
}

function routes (app: FastifyInstance, init: RelayServerInit): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(requestScheme(request.raw, init.security, init.trusts)))
  })
  app.setNotFoundHandler(async (_request, reply) => plain(reply, 404, NOT_FOUND))
  app.setErrorHandler(async (error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500

    return plain(reply, status, `${status} ${STATUS_CODES[status] ?? ''}\n`)
  })
  // nothing here reads a body: whatever comes with a request is let run out
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume()
    done(null)
  })

  app.get('/healthz', async (_request, reply) => plain(reply, 200, 'ok\n'))

  app.get('/config.json', async (request, reply) => {
    const config = init.config()

    return config == null || !isSecureContext(request.raw, init.security, init.trusts)
      ? plain(reply, 404, NOT_FOUND)
      : reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(config)
  })

  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0]

    if (isSecureContext(request.raw, init.security, init.trusts)) {
      return sendFile(init, path, request, reply)
    }

    return path === '/' || path === '/index.html'
      ? reply.headers({ 'cache-control': 'no-cache', 'content-security-policy': EXPLANATION_POLICY }).type('text/html; charset=utf-8').send(EXPLANATION_HTML)
      : plain(reply, 404, NOT_FOUND)
  })
}

function createServer (init: RelayServerInit, isSecretPath: (request: IncomingMessage) => boolean, listener: RequestListener): Server {
  const options = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    noDelay: true,
    // an upgrade to anything else is answered as the plain request it also is: no probe can tell the difference
    shouldUpgradeCallback: isSecretPath
  }

  return init.tls == null
    ? createHttpServer(options, listener)
    : createHttpsServer({ ...options, cert: init.tls.cert, key: init.tls.key, minVersion: 'TLSv1.2' }, listener)
}

function listenError (err: NodeJS.ErrnoException, { host, port }: RelayServerInit): Error {
  switch (err.code) {
    case 'EADDRINUSE':
      return new PortUnavailableError(`Port ${port} on ${host} is taken: choose another with --port, or stop the program that has it`, { cause: err })
    case 'EACCES':
      return new PortUnavailableError(`Port ${port} may not be opened by this user: choose one above 1023 with --port, or give the right to low ports (CAP_NET_BIND_SERVICE)`, { cause: err })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new PortUnavailableError(`${host} is not an address of this machine: choose another with --host`, { cause: err })
    default:
      return err
  }
}

/** @throws {PortUnavailableError} if the port is taken or may not be opened */
export async function startRelayServer (init: RelayServerInit): Promise<RelayServer> {
  const isSecretPath = pathTest(init.secretPath)
  const limit = connectionLimit(init.maxConnectionsPerIp)
  /** Upgraded sockets leave the server's own books, so that closing it would wait for them for ever */
  const upgraded = new Set<Duplex>()
  let server: Server | undefined

  const app = Fastify({
    serverFactory: handler => {
      server = createServer(init, isSecretPath, handler)

      return server
    },
    forceCloseConnections: true,
    logger: false,
    routerOptions: { ignoreTrailingSlash: false },
    clientErrorHandler: (_err, socket) => {
      if (socket.writable) {
        socket.end(BAD_REQUEST)
      } else {
        socket.destroy()
      }
    },
    // an address that cannot be decoded is one that is not there
    frameworkErrors: (_err, request, reply) => {
      const headers = securityHeaders(requestScheme(request.raw, init.security, init.trusts))
      reply.raw.writeHead(404, { ...headers, 'cache-control': 'no-cache', 'content-type': 'text/plain; charset=utf-8', 'content-length': NOT_FOUND.length })
      reply.raw.end(NOT_FOUND)
    }
  })
  routes(app, init)

  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = remoteAddress(request.socket.remoteAddress ?? '', headerText(request, 'x-forwarded-for'), init.trusts)

    if (!isSecretPath(request)) {
      socket.destroy()
    } else if (upgraded.size >= init.maxConnections || !limit.admit(address, socket)) {
      socket.on('error', () => { socket.destroy() })
      socket.end(TOO_MANY)
    } else {
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      // libp2p limits connections by what it reads here
      Object.defineProperty(request.socket, 'remoteAddress', { value: address, configurable: true })
      init.upgrade(request, socket, head)
    }
  })

  try {
    await app.listen({ host: init.host, port: init.port })
  } catch (err) {
    await app.close()
    throw listenError(err as NodeJS.ErrnoException, init)
  }

  const address = app.server.address()
  const disconnect = (): void => {
    for (const socket of upgraded) {
      socket.destroy()
    }
  }

  return {
    port: address != null && typeof address === 'object' ? address.port : init.port,
    setTls: pair => {
      if (server != null && 'setSecureContext' in server && typeof server.setSecureContext === 'function') {
        server.setSecureContext({ cert: pair.cert, key: pair.key, minVersion: 'TLSv1.2' })
      }
    },
    disconnect,
    stop: async () => {
      disconnect()
      await app.close()
    }
  }
}
