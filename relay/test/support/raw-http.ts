import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import type { IncomingHttpHeaders, RequestOptions } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** One request, with any headers (a `host` too), of any certificate */
export async function get (url: string, headers: Record<string, string> = {}, options: RequestOptions = {}): Promise<Answer> {
  const request = url.startsWith('https:')
    ? httpsRequest(url, { rejectUnauthorized: false, ...options, headers, agent: false })
    : httpRequest(url, { ...options, headers, agent: false })
  request.end()
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []

  for await (const chunk of response) {
    chunks.push(chunk)
  }

  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }
}

/** Sends text as it is and returns all that comes back until the other side closes, or `until` has come */
export async function exchange (port: number, text: string, until?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.write(text)

  for await (const chunk of socket) {
    answer += String(chunk)

    if (until != null && answer.includes(until)) {
      break
    }
  }

  socket.destroy()

  return answer
}
