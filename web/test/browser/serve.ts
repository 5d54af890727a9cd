import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { CONTENT_POLICY } from '../../scripts/policy.ts'
import type { AddressInfo } from 'node:net'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json'
}

export interface Site {
  url: string
  /** Files whose next request is refused */
  refuses: Set<string>
  stop (): Promise<void>
}

/** A folder on loopback, under the strict policy */
export async function serveFolder (folder: string): Promise<Site> {
  const refuses = new Set<string>()
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)

    if (refuses.delete(path)) {
      response.writeHead(503).end()
      return
    }

    const file = path.endsWith('/') ? `${path}index.html` : path

    readFile(join(folder, file)).then(bytes => {
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'content-security-policy': CONTENT_POLICY })
      response.end(bytes)
    }, () => {
      response.writeHead(404).end()
    })
  })

  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })

  return {
    refuses,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop () {
      server.closeAllConnections()
      await new Promise(resolve => { server.close(resolve) })
    }
  }
}
