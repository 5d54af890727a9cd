import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { contentPolicy } from '../../scripts/policy.ts'

process.env.VITE_APP_NAME = 'Notes'

/** The same pages over an engine made for tests, under the same policy */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: fileURLToPath(new URL('../../public', import.meta.url)),
  base: './',
  logLevel: 'error',
  plugins: [solid(), contentPolicy()],
  // found here: rolldown does not see what those of other rooms extend
  tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)),
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    outDir: fileURLToPath(new URL('../../dist/test-app', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL('./index.html', import.meta.url)),
        tabs: fileURLToPath(new URL('./tabs.html', import.meta.url)),
        vault: fileURLToPath(new URL('./vault.html', import.meta.url))
      }
    }
  }
})
