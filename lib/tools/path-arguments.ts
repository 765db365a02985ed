const PATH_NAMES: ReadonlySet<string> = new Set(['path', 'filepath', 'directory', 'dir', 'folder'])
const MOST_DEPTH = 64

const isPathName = (name: string): boolean => PATH_NAMES.has(name.toLowerCase().replace(/[_-]/g, ''))

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text.replace(/%2e/gi, '.')
  }
}

const climbs = (text: string): boolean =>
  [text, decoded(text), decoded(decoded(text))].some((form) => form.includes('..'))

// The name of the first argument that is called a path and could lead out of its folder.
export const climbingArgument = (value: unknown, name = '', isPath = false, depth = 0): string | null => {
  if (typeof value === 'string') return isPath && climbs(value) ? name : null
  if (typeof value !== 'object' || value === null) return null
  if (depth > MOST_DEPTH) return name
  for (const [key, item] of Object.entries(value)) {
    const inList = Array.isArray(value)
    const found = climbingArgument(item, inList ? name : key, isPath || (!inList && isPathName(key)), depth + 1)
    if (found !== null) return found
  }
  return null
}
