/**
 * Headers of every answer. Nothing is loaded from anywhere else, nothing may frame the page.
 *
 * @param scheme - of the page: only one from plain http may open `ws:`
 */
export function securityHeaders (scheme: 'http' | 'https'): Record<string, string> {
  const sockets = scheme === 'https' ? 'wss:' : 'ws: wss:'

  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      "img-src 'self' blob: data:",
      `connect-src 'self' ${sockets}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "font-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'"
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff'
  }
}

/** The content security policy of a page that has one inline style sheet and nothing else */
export function plainPagePolicy (styleHash: string): string {
  return `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
