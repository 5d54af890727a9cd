/**
 * What a home node kept before anything was sealed: keys and values as they were on its disk, in hexadecimal. It stays as it is for as
 * long as there may be such a disk.
 */
export const plainStore0: ReadonlyArray<readonly [key: string, value: string]> = [
