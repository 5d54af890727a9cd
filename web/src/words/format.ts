/** Numbers and times as a language writes them */
export interface Format {
  /** `3 minutes ago`; a date when it is older than a week */
  ago (time: number, now: number): string
  /** Date and time in full */
  full (time: number): string
  /** Hour and minute, with the day when it is not the one of `now` */
  clock (time: number, now: number): string
  /** `1.2 MB` */
  bytes (bytes: number): string
  /** `12,345` */
  number (value: number): string
  /** `35 ms` */
  milliseconds (ms: number): string
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function createFormat (language: string): Format {
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' })
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' })
  const dayAndClock = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', hour: 'numeric', minute: 'numeric' })
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const milliseconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 })
  const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'].map(unit => new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }))

  return {
    ago (time, now) {
      const age = Math.max(0, now - time)

      if (age < MINUTE) {
        return relative.format(0, 'second')
      }

      if (age < HOUR) {
        return relative.format(-Math.floor(age / MINUTE), 'minute')
      }

      if (age < DAY) {
        return relative.format(-Math.floor(age / HOUR), 'hour')
      }

      if (age < 7 * DAY) {
        return relative.format(-Math.floor(age / DAY), 'day')
      }

      return new Date(time).getFullYear() === new Date(now).getFullYear() ? day.format(time) : date.format(time)
    },
    full: time => full.format(time),
    clock: (time, now) => new Date(time).toDateString() === new Date(now).toDateString() ? clock.format(time) : dayAndClock.format(time),
    bytes (bytes) {
      const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))

      return sizes[step].format(bytes / 1000 ** step)
    },
    number: value => number.format(value),
    milliseconds: ms => milliseconds.format(ms)
  }
}
