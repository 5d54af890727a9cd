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

/** The store cannot be opened, for a reason that a repair cannot mend: no permission, no space, not a folder */
export class StoreOpenError extends Error {
  static name = 'StoreOpenError'
  name = 'StoreOpenError'
}
