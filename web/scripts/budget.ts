import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

export interface BudgetInit {
  /** Script that may load before the first wall is shown, gzip, in bytes */
  limit: number
  /** Ends of the module paths whose chunks load before the first wall although they are imported dynamically */
  needed: string[]
}

/** Fails the build when the entry, what is needed with it, and all that these import statically weigh more than the limit */
export function budget (init: BudgetInit): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler (_options, bundle) {
        const chunks = Object.values(bundle).filter((file): file is Rolldown.OutputChunk => file.type === 'chunk')
        const waiting = chunks.filter(chunk => chunk.isEntry || init.needed.some(end => chunk.moduleIds.some(id => id.endsWith(end))))

        for (const end of init.needed) {
          if (!chunks.some(chunk => chunk.moduleIds.some(id => id.endsWith(end)))) {
            this.warn(`${end} is in no chunk: its weight is not counted`)
          }
        }

        const counted = new Map<string, number>()
        const names = new Map<string, string>()

        for (let chunk = waiting.pop(); chunk != null; chunk = waiting.pop()) {
          if (counted.has(chunk.fileName)) {
            continue
          }

          names.set(chunk.fileName, chunk.name)
          counted.set(chunk.fileName, gzipSync(chunk.code, { level: 9 }).length)
          const imports = new Set(chunk.imports)
          waiting.push(...chunks.filter(other => imports.has(other.fileName)))
        }

        const total = [...counted.values()].reduce((sum, size) => sum + size, 0)
        const line = `script before the first wall: ${kilobytes(total)} gzip in ${counted.size} files (at most ${kilobytes(init.limit)})`

        if (total > init.limit) {
          const list = [...counted].sort((a, b) => b[1] - a[1]).map(([name, size]) => `  ${names.get(name)} ${kilobytes(size)}`).join('\n')

          this.error(`${line}\n${list}\nImport what can wait with import().`)
        }

        this.info(line)
      }
    }
  }
}

function kilobytes (bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
