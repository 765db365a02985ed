import type { PermissionDiff } from './contract/words'
import { compareVersions } from './version'

export type Permitted = { version: string; state: string; manifest: unknown }

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const toolsIn = (manifest: unknown): string[] => {
  const permissions = isMap(manifest) ? manifest['permissions'] : undefined
  const tools = isMap(permissions) ? permissions['tools'] : undefined
  return Array.isArray(tools)
    ? [...new Set(tools.filter((tool): tool is string => typeof tool === 'string'))].sort()
    : []
}

// What runs now is what a change is measured against; where nothing runs, the version before.
const standardFor = (version: string, all: readonly Permitted[]): Permitted | undefined => {
  const others = all
    .filter((other) => other.version !== version)
    .toSorted((a, b) => compareVersions(b.version, a.version))
  return (
    others.find(({ state }) => state === 'active') ??
    others.find((other) => compareVersions(other.version, version) < 0)
  )
}

/** What a version may do that the one in use may not, and the other way round. The first of a name adds all it asks for. */
export const permissionDiff = (version: string, all: readonly Permitted[]): PermissionDiff => {
  const mine = toolsIn(all.find((one) => one.version === version)?.manifest)
  const theirs = toolsIn(standardFor(version, all)?.manifest)
  return {
    added: mine.filter((tool) => !theirs.includes(tool)),
    removed: theirs.filter((tool) => !mine.includes(tool)),
  }
}
