import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const filesBelow = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesBelow(join(path, name)))
    : [path]

export type Sources = { root: string; entries: readonly string[]; skip: RegExp; salt?: string }

export const fingerprintOf = ({ root, entries, skip, salt = '' }: Sources): string => {
  const hash = createHash('sha256').update(salt)
  const present = entries.map((entry) => join(root, entry)).filter((path) => existsSync(path))
  for (const file of present.flatMap(filesBelow)) {
    const name = file.slice(root.length + 1)
    if (!skip.test(name)) hash.update(`${name}\0`).update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

export const isStamped = (file: string, fingerprint: string): boolean =>
  existsSync(file) && readFileSync(file, 'utf8') === fingerprint

export const stamp = (file: string, fingerprint: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, fingerprint)
}

export const unstamp = (file: string): void => rmSync(file, { force: true })
