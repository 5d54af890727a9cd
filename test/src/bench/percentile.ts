/**
 * The value that a share of all values does not exceed (nearest rank).
 *
 * @param values - in any order
 * @param share - from 0 to 1
 * @returns NaN if there are no values
 */
export function percentile (values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)

  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN
}
