import { fileURLToPath } from 'node:url'

export const clientDir = fileURLToPath(new URL('./dist/client/', import.meta.url))
