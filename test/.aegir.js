import root from '../aegir.config.js'

/**
 * Nothing of this room is ever installed by anybody, so what its tests and scripts use are plain dependencies.
 *
 * @type {import('aegir').PartialOptions}
 */
export default {
  ...root,
  dependencyCheck: {
    // run as programs, or what npm installs together
    ignore: ['@pergola/relay', '@pergola/web', 'eslint', 'typescript'],
    productionIgnorePatterns: ['/dist', '/out', '/stubs', '.aegir.js'],
    developmentIgnorePatterns: ['/dist', '/out', '/stubs', '.aegir.js']
  }
}
