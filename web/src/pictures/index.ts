/** Makes of a picture that somebody chose what may be published: small, and with nothing in it but the picture. */
export { PictureFormatError, PictureTooLargeError, PictureWorkerError } from './errors.ts'
export { loadPictureWorker, preparePicture } from './prepare.ts'
export type { PictureVariant, PreparedPicture } from './picture.ts'
export type { PrepareOptions } from './prepare.ts'
