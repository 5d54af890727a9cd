import type { Plugin } from 'vite'

const METRICS = '/@libp2p/gossipsub/dist/src/metrics.js'
const CURVE = '@noble/curves/secp256k1.js'
const NO_CURVE = '\0no-secp256k1'

/**
 * Leaves out what never runs in a page and would be loaded before the first wall: gossipsub's meters, which need a registry that is given to it on
 * servers alone, and the curve of Bitcoin. The peers that we speak with have Ed25519 keys; somebody with a key of that other kind is refused when the
 * connection is made. Fails the build when a later version of gossipsub looks otherwise.
 */
export function leaveOut (): Plugin {
  return {
    name: 'leave-out',
    apply: 'build',
    enforce: 'pre',
    resolveId: source => source === CURVE ? NO_CURVE : undefined,
    load: id => id === NO_CURVE
      ? `const refuse = () => { throw new TypeError('Keys of this kind are not used here') }
export const secp256k1 = { sign: refuse, verify: refuse, getPublicKey: refuse, utils: { randomSecretKey: refuse }, Point: { fromBytes: refuse } }`
      : undefined,
    transform (code, id) {
      if (!id.split('?')[0].endsWith(METRICS)) {
        return
      }

      const at = code.indexOf('export function getMetrics(')

      if (at === -1) {
        this.error('gossipsub has its meters elsewhere now: look what can be left out')
      }

      return { code: `${code.slice(0, at)}export function getMetrics () { throw new TypeError('There are no meters in pages') }\n`, map: null }
    }
  }
}
