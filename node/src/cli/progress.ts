import type { ControlProgress } from '../control/contract.ts'

const WORDS: Record<ControlProgress['step'], string> = { export: 'Writing', check: 'Checking', take: 'Importing' }
const BAR_CHARACTERS = 20
const REDRAW_MS = 100

export interface ProgressLine {
  show (progress: ControlProgress): void
  /** Takes the line away */
  end (): void
}

function megabytes (bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** One line that is drawn again and again, where somebody looks; otherwise nothing */
export function progressLine (out: NodeJS.WriteStream = process.stderr): ProgressLine {
  let begun: { step: string, at: number } | undefined
  let drawn = 0

  return {
    show ({ step, done, total }) {
      const now = performance.now()

      if (!out.isTTY || (begun?.step === step && now - drawn < REDRAW_MS && done < total)) {
        return
      }

      if (begun?.step !== step) {
        begun = { step, at: now }
      }

      const speed = done / Math.max(1, now - begun.at) * 1_000
      const full = total === 0 ? BAR_CHARACTERS : Math.round(done / total * BAR_CHARACTERS)

      drawn = now
      out.write(`\r\x1b[K${WORDS[step]} [${'='.repeat(full).padEnd(BAR_CHARACTERS)}] ${megabytes(done)} of ${megabytes(total)}, ${megabytes(speed)}/s`)
    },
    end () {
      if (begun != null) {
        out.write('\r\x1b[K')
      }
    }
  }
}
