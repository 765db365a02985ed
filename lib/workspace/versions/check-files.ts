import { Problem } from '@/lib/shared/problem'
import { MOST_BYTES, MOST_FILES, MOST_LEVELS, MOST_TOTAL_BYTES } from '../file-kind'

export type NewFile = { path: string; bytes: Uint8Array; isExecutable?: boolean }

type Refused = { path: string; reason: string }

const MOST_NAME_BYTES = 255
const MOST_PATH_BYTES = 1_024
const MOST_TOLD = 50
// Control characters, and those that turn the order of letters.
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/
// What Windows and some archives take for a path of another kind.
const FOREIGN = /[\\:]/

const bytesIn = (text: string): number => Buffer.byteLength(text)

/** Why a path can stand in no workspace; null where it can. */
export const pathFault = (path: string): string | null => {
  if (path === '') return 'has no name'
  if (path.includes('\0')) return 'holds a null byte'
  if (CONTROL.test(path) || HALF.test(path)) return 'holds characters that no name may hold'
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'is an absolute path'
  if (FOREIGN.test(path)) return 'holds a backslash or a colon'
  const names = path.split('/')
  if (names.some((name) => name === '..')) return 'leads out of the workspace'
  if (names.some((name) => name === '' || name === '.')) return 'is not written plainly'
  if (names.some((name) => bytesIn(name) > MOST_NAME_BYTES) || bytesIn(path) > MOST_PATH_BYTES) return 'is too long'
  if (names.some((name) => /[ .]$/.test(name))) return 'has a name that ends in a dot or a space'
  return names.length > MOST_LEVELS ? `lies deeper than ${MOST_LEVELS} folders` : null
}

/** Hidden files and node_modules are no part of a workspace; the skills of agents are. */
export const isLeftOut = (path: string): boolean => {
  const names = path.split('/')
  const rest = names[0] === '.agents' && names[1] === 'skills' ? names.slice(2) : names
  return rest.some((name) => name.startsWith('.') || name === 'node_modules')
}

export const refuseFiles = (faults: readonly Refused[]): never => {
  const told = faults.slice(0, MOST_TOLD)
  const fieldErrors: Record<string, string[]> = {}
  for (const { path, reason } of told) fieldErrors[`files.${path.slice(0, 200)}`] = [reason]
  const more = faults.length > told.length ? [`${faults.length - told.length} more files are refused`] : []
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: more, fieldErrors })
}

export const refuseWhole = (reason: string): never => {
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [reason], fieldErrors: {} })
}

export const tooManyFiles = (): never => refuseWhole(`A workspace holds at most ${MOST_FILES} files`)
export const tooLarge = (): never => refuseWhole('A workspace holds at most 64 MiB')

// As file systems that do not tell case apart would name it.
export const foldedName = (path: string): string => path.normalize('NFC').toLowerCase().normalize('NFC')

// One name for two files, or for a file and a folder.
const clashesIn = (files: readonly NewFile[]): Refused[] => {
  const faults: Refused[] = []
  const seen = new Map<string, { path: string; isFile: boolean }>()
  const note = (path: string, isFile: boolean): void => {
    const key = foldedName(path)
    const other = seen.get(key)
    if (other === undefined) seen.set(key, { path, isFile })
    else if (other.path === path && isFile && other.isFile) faults.push({ path, reason: 'is there twice' })
    else if (other.path !== path)
      faults.push({ path, reason: `differs from ${other.path} in nothing but its letters' case` })
    else if (isFile !== other.isFile) faults.push({ path, reason: 'is a file and a folder' })
  }
  for (const { path } of files) {
    note(path, true)
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) note(path.slice(0, at), false)
  }
  return faults
}

const leftOutNote = (paths: readonly string[]): string[] => {
  if (paths.length === 0) return []
  const some = paths.slice(0, 5).join(', ')
  return [
    `Hidden files and node_modules are left out: ${some}${paths.length > 5 ? ` and ${paths.length - 5} more` : ''}`,
  ]
}

const faultsOf = (files: readonly NewFile[]): Refused[] =>
  files.flatMap(({ path, bytes }) => {
    const isLarge = bytes.byteLength > MOST_BYTES && !isLeftOut(path)
    const reason = pathFault(path) ?? (isLarge ? 'is larger than 1 MiB' : null)
    return reason === null ? [] : [{ path, reason }]
  })

/** The files that a version is made of. What could harm whoever unpacks them is refused, all faults at once. */
export const checkFiles = (files: readonly NewFile[]): { files: readonly NewFile[]; warnings: string[] } => {
  const faults = faultsOf(files)
  if (faults.length > 0) return refuseFiles(faults)
  const kept = files.filter(({ path }) => !isLeftOut(path))
  if (kept.length > MOST_FILES) return tooManyFiles()
  if (kept.reduce((sum, { bytes }) => sum + bytes.byteLength, 0) > MOST_TOTAL_BYTES) return tooLarge()
  const clashes = clashesIn(kept)
  if (clashes.length > 0) return refuseFiles(clashes)
  return { files: kept, warnings: leftOutNote(files.filter(({ path }) => isLeftOut(path)).map(({ path }) => path)) }
}
