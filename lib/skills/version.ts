export type VersionParts = { major: number; minor: number; patch: number }

const FORM = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/

/** Three whole numbers that a column can hold, or null. */
export const versionParts = (text: string): VersionParts | null => {
  const found = FORM.exec(text)
  if (!found) return null
  const [major, minor, patch] = found.slice(1).map(Number)
  return { major: major ?? 0, minor: minor ?? 0, patch: patch ?? 0 }
}

export const isVersion = (text: string): boolean => versionParts(text) !== null

const order = (text: string): readonly number[] => {
  const parts = versionParts(text)
  return parts ? [parts.major, parts.minor, parts.patch] : []
}

/** Below zero where the first is the older one: 1.9.0 before 1.10.0. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [order(a), order(b)]
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1)
    if (difference !== 0) return difference
  }
  return 0
}
