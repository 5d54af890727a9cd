/** Suites and simulators for whoever implements or composes the protocols. Runs under mocha. */
export { storeSuite } from './store-suite.ts'
export type { OpenStore, StoreSuiteOptions } from './store-suite.ts'
