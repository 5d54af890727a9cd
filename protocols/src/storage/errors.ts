/** Another program, or another part of this one, has the store open */
export class StoreLockedError extends Error {
  static name = 'StoreLockedError'
  name = 'StoreLockedError'
}

/** The store on disk is damaged and a repair did not help */
export class StoreDamagedError extends Error {
  static name = 'StoreDamagedError'
  name = 'StoreDamagedError'
}
