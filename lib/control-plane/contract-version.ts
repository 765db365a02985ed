// The contract this runtime speaks. `v1`, as backends say it, is 1.0.0.
export const CONTRACT_VERSION = '1.1.0'

export type Version = { major: number; minor: number; patch: number; text: string }

export const parseVersion = (text: string): Version | null => {
  const match = /^v?(\d{1,5})(?:\.(\d{1,5})(?:\.(\d{1,5}))?)?(?:[-+][0-9A-Za-z.+-]+)?$/.exec(text.trim())
  if (!match) return null
  const [major = 0, minor = 0, patch = 0] = match.slice(1, 4).map((part) => Number(part ?? 0))
  return { major, minor, patch, text: `${major}.${minor}.${patch}` }
}

const order = (a: Version, b: Version) => a.major - b.major || a.minor - b.minor || a.patch - b.patch

// A backend may say `v1` in one place and 1.1.0 in another: the more exact word counts, a contradiction is the higher.
export const highest = (versions: readonly Version[]): Version | null => [...versions].sort(order).at(-1) ?? null

const OURS = parseVersion(CONTRACT_VERSION)

export const isSpoken = (version: Version): boolean => version.major >= 1 && version.major === OURS?.major
