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
export { ControlError, NotRunningError } from './errors.ts'
export { startHome } from './home.ts'
export type { Home, HomeInit } from './home.ts'
export type { ControlCalls, HomeStatus } from './control/contract.ts'
