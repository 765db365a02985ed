import { lstat, realpath } from 'node:fs/promises'
import { posix } from 'node:path'

// As written, without `..`; and where it truly leads, as far as this host can tell. Null: it cannot be told.
export type PathForm = { lexical: string | null; real: string | null }

const MOST_TEXT = 4096
const DRIVE = /^[A-Za-z]:\//
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/
const EXPANDED = /^~|[$`*?]/

/** Absolute and without `.` and `..`. Null for what has no known beginning, and for what a shell would expand. */
export const lexicalPath = (raw: string, base: string | null): string | null => {
  if (raw === '' || raw.length > MOST_TEXT || raw.includes('\0') || EXPANDED.test(raw)) return null
  const text = raw.replaceAll('\\', '/')
  if (text.startsWith('/')) return trimmed(posix.normalize(text))
  if (DRIVE.test(text)) return trimmed(posix.normalize(`/${text}`))
  if (SCHEME.test(text)) return null
  return base === null ? null : trimmed(posix.normalize(posix.join(base, text)))
}

const trimmed = (path: string): string => {
  const single = path.replace(/^\/+/, '/')
  return single.length > 1 ? single.replace(/\/+$/, '') : single
}

const isThere = async (path: string): Promise<boolean> => {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code

/** Through all links. What does not exist yet stands where its folder truly is; a link into nowhere cannot be told. */
export const realPath = async (path: string): Promise<string | null> => {
  try {
    return await realpath(path)
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return path
    if (codeOf(error) !== 'ENOENT' || (await isThere(path))) return null
    const parent = posix.dirname(path)
    if (parent === path) return path
    const real = await realPath(parent)
    return real === null ? null : posix.join(real, posix.basename(path))
  }
}

export const isUnder = (path: string, root: string): boolean =>
  path === root || path.startsWith(root === '/' ? '/' : `${root}/`)
