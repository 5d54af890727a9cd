/** The next multiple of a step */
export function roundUp (length: number, step: number): number {
  return Math.ceil(length / step) * step
}

/**
 * Padmé: a length that tells of the real one its logarithm and as many bits as that has, at the most 12 % more (Nikitin et al., "Reducing
 * Metadata Leakage from Encrypted Files and Communication with PURBs", 2019).
 */
export function padme (length: number): number {
  if (length < 2) {
    return length
  }

  const exponent = Math.floor(Math.log2(length))
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1))

  return step < 1 ? length : roundUp(length, step)
}
