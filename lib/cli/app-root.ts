import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type Manifest = { name: string; version: string }

export const manifestIn = (folder: string): Manifest | null => {
  const file = join(folder, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : null
}

// Runs from source and from dist alike: the folder of Clasper's own package.json, wherever it was installed.
export const appRoot = (from: string = import.meta.dirname): string => {
  if (manifestIn(from)?.name === 'clasper') return from
  const above = dirname(from)
  if (above === from) throw new Error('The folder of the clasper package was not found.')
  return appRoot(above)
}
