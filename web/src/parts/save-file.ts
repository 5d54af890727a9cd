/** How long a browser may take to begin reading what it saves */
const FREE_AFTER_MS = 60_000

/** Hands a file to the browser's downloads */
export function saveFile (blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')

  link.href = url
  link.download = name
  link.click()
  setTimeout(() => { URL.revokeObjectURL(url) }, FREE_AFTER_MS)
}
