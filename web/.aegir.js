import root from '../aegir.config.js'

/**
 * The scripts build and picture the client: they are no part of it.
 *
 * @type {import('aegir').PartialOptions}
 */
export default {
  ...root,
  dependencyCheck: {
    ...root.dependencyCheck,
    productionIgnorePatterns: [...root.dependencyCheck?.productionIgnorePatterns ?? [], '/scripts']
  }
}
