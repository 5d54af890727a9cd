/** What is wrong with a picture that somebody chose. `code` names the sentence for the person */

/** It is no picture, is damaged, or is of a kind that this browser cannot read */
export class PictureFormatError extends Error {
  static name = 'PictureFormatError'
  name = 'PictureFormatError'
  code = 'picture-format' as const
}

/** It has too many bytes or too many pixels */
export class PictureTooLargeError extends Error {
  static name = 'PictureTooLargeError'
  name = 'PictureTooLargeError'
  code = 'picture-too-large' as const
}

/** The worker broke down: out of memory, or it could not be loaded */
export class PictureWorkerError extends Error {
  static name = 'PictureWorkerError'
  name = 'PictureWorkerError'
  code = 'internal' as const
}
