/** Milliseconds since the Unix epoch, with fractions: the same in all processes and pages of one machine. */
export function wallClock (): number {
  return performance.timeOrigin + performance.now()
}
