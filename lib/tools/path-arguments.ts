const PATH_NAMES: ReadonlySet<string> = new Set(['path', 'filepath', 'directory', 'dir', 'folder'])
const MAYBE_PATH_NAMES: ReadonlySet<string> = new Set([
  ...['file', 'filename', 'target', 'destination', 'source', 'src', 'dst', 'root'],
])
const MOST_DEPTH = 64
const MOST_ROUNDS = 8

type Kind = 'path' | 'maybe' | null

const kindOf = (name: string): Kind => {
  const plain = name.toLowerCase().replace(/[_-]/g, '')
  if (PATH_NAMES.has(plain)) return 'path'
  return MAYBE_PATH_NAMES.has(plain) ? 'maybe' : null
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
      .replace(/%c0%ae/gi, '.')
      .replace(/%c0%af/gi, '/')
      .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  }
}

// One spelling of what a server may take for dots and slashes; what cannot be seen is left out.
const simple = (text: string): string =>
  decoded(text)
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/[。｡]/g, '.')
    .replace(/[\\∕⁄⧸⧵∖⟋]/g, '/')

const climbsIn = (text: string, kind: Kind): boolean =>
  kind === 'path' ? text.includes('..') : text.split('/').some((segment) => segment.trim() === '..')

const climbs = (text: string, kind: Kind): boolean => {
  let form = text
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (climbsIn(form, kind)) return true
    const next = simple(form)
    if (next === form) return false
    form = next
  }
  return true
}

// The name of the first argument that is called a path and could lead out of its folder.
export const climbingArgument = (value: unknown, name = '', kind: Kind = null, depth = 0): string | null => {
  if (typeof value === 'string') return kind !== null && climbs(value, kind) ? name : null
  if (typeof value !== 'object' || value === null) return null
  if (depth > MOST_DEPTH) return name
  for (const [key, item] of Object.entries(value)) {
    const inList = Array.isArray(value)
    const inner = inList || kind === 'path' ? kind : (kindOf(key) ?? kind)
    const found = climbingArgument(item, inList ? name : key, inner, depth + 1)
    if (found !== null) return found
  }
  return null
}
