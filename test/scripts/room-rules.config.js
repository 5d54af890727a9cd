/**
 * ESLint rules of this repository alone, next to those of aegir: which room and which folder may import which, and what `protocols` may
 * take for granted. They cannot be switched off by a comment.
 */
import { builtinModules } from 'node:module'
import parser from '@typescript-eslint/parser'
import globals from 'globals'

const ROOMS = ['protocols', 'relay', 'node', 'web', 'test']

/** Folders of `protocols/src`, lowest first: a folder imports only from those before it. */
const FLOORS = [
  'codec', 'identity', 'log', 'space', 'relay-info', 'invite', 'wall', 'own', 'storage', 'network', 'supervisor', 'gossip', 'sync', 'follow', 'hello', 'primary', 'pairing', 'media',
  'archive',
  'mailbox', 'room', 'handle', 'peer', 'testing'
]

const otherRoomsByPath = {
  regex: `^(\\.\\./)+(${ROOMS.join('|')})/(src|dist|test|scripts|node_modules)/`,
  message: 'Rooms know each other by their package names and public exports only.'
}

/** @param {string} name */
const allButPackage = name => ({
  regex: `^@pergola/(?!${name}(/|$))`,
  message: `Imports go one way: this room may import @pergola/${name} only.`
})

const nothingFromTest = { regex: '^@pergola/test(/|$)', message: 'Nothing imports the test room.' }

const noBuiltinModules = {
  regex: `^(node:.*|(${builtinModules.filter(name => !name.startsWith('_')).join('|')})(/.*)?)$`,
  message: 'protocols runs in windows and workers too: take what differs as an argument.'
}

/** @param {object[]} patterns */
const imports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns: [...patterns, otherRoomsByPath] }] })

// asked of the Node that runs this: lists of globals age
const nodeOnly = Object.keys(globals.node).filter(name => !(name in globals.browser))
const webOnly = Object.keys({ ...globals.browser, ...globals.worker, ...globals.serviceworker }).filter(name => !(name in globalThis))
const onlySomewhere = [...new Set([...nodeOnly, ...webOnly, 'localStorage', 'sessionStorage', 'Storage'])].filter(name => !(name in globals.builtin))

const isomorphic = {
  'no-restricted-globals': ['error', ...onlySomewhere.map(name => ({ name, message: 'Not there in Node, windows and workers alike.' }))]
}

const floors = FLOORS.map((folder, index) => {
  const above = FLOORS.slice(index + 1)

  return {
    files: [`protocols/src/${folder}/**/*.ts`],
    rules: imports(noBuiltinModules, allButPackage('protocols'), ...(above.length === 0
      ? []
      : [{ regex: `^(\\.\\./)+(${above.join('|')})/`, message: `Lower knows nothing of higher: ${folder} lies below.` }]))
  }
})

export default [
  { ignores: ['**/dist/**', '**/node_modules/**', 'test/out/**', 'test/stubs/**'] },
  {
    files: ['**/*.ts', '**/*.tsx', '**/*.js'],
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
    languageOptions: { parser, sourceType: 'module', ecmaVersion: 'latest', parserOptions: { ecmaFeatures: { jsx: true } } }
  },
  { files: ['{protocols,relay,node,web}/**/*.{ts,tsx,js}'], rules: imports(allButPackage('protocols')) },
  { files: ['node/src/bundle/**/*.ts', 'node/test/bundle/**/*.ts'], rules: imports(nothingFromTest) },
  { files: ['test/**/*.{ts,js}'], rules: imports() },
  { files: ['protocols/src/**/*.ts'], rules: { ...imports(noBuiltinModules, allButPackage('protocols')), ...isomorphic } },
  ...floors,
  { files: ['protocols/src/storage/idb*.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['protocols/test/**/*.spec.ts'], rules: imports(noBuiltinModules, allButPackage('protocols')) }
]
