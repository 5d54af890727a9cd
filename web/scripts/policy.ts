import type { Plugin } from 'vite'

/** Everything comes from where the page came from; connections go to relays, whose addresses nobody knows beforehand */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "connect-src 'self' ws: wss:",
  "form-action 'none'",
  "base-uri 'none'"
].join('; ')

/** Writes the policy into the page, for servers that send no such header */
export function contentPolicy (): Plugin {
  return {
    name: 'content-policy',
    apply: 'build',
    transformIndexHtml () {
      return [{ tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_POLICY }, injectTo: 'head-prepend' }]
    }
  }
}
