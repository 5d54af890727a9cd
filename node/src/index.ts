/**
 * The home node.
 *
 * @example
 *
 * ```ts
 * import { startHome } from '@pergola/node'
 *
 * const home = await startHome({ data: '/srv/home' })
 * await home.stop()
 * ```
 */
export { controlClient } from './control/client.ts'
export { locateDataFolder } from './data-folder.ts'
export { ControlError, HomeLockedError, NotRunningError } from './errors.ts'
export { openHomeVault } from './home-vault.ts'
export { startHome } from './home.ts'
export type { Home, HomeInit } from './home.ts'
export type { HomeVault } from './home-vault.ts'
export type { ControlCalls, HomeStatus } from './control/contract.ts'
