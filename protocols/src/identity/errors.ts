/** An identity record has no room for another device, open or closed */
export class TooManyDevicesError extends Error {
  static name = 'TooManyDevicesError'
  name = 'TooManyDevicesError'
}
