// What a run in an environment is given, all of it together.
export type Canary = {
  versionHash: string
  percent: number
  users: readonly string[]
  // Since when the two arms can be compared, as ISO text.
  startedAt: string
}

export type PinSet = {
  versionHash: string
  skillPins: Readonly<Record<string, string>>
  modelPin: string | null
  providerPin: string | null
  canary: Canary | null
}

// What comes with a version.
export type GivenPins = Pick<PinSet, 'skillPins' | 'modelPin' | 'providerPin'>

export type Pin = PinSet & { id: string; revision: number; pinnedBy: string; pinnedAt: Date }

type Json = Readonly<Record<string, unknown>>

// SQLite gives JSON as text, PostgreSQL as what it says.
const jsonIn = (value: unknown): Json | null => {
  const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
  return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Json) : null
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const textsIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

export const canaryIn = (value: unknown): Canary | null => {
  const read = jsonIn(value)
  if (read === null) return null
  return {
    versionHash: String(read['version_hash']),
    percent: Number(read['percent']),
    users: textsIn(read['users']),
    startedAt: String(read['started_at']),
  }
}

export const storedCanary = (canary: Canary | null): Json | null =>
  canary && {
    version_hash: canary.versionHash,
    percent: canary.percent,
    users: canary.users,
    started_at: canary.startedAt,
  }

const pinsIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(jsonIn(value) ?? {}).map(([name, version]) => [name, String(version)]))

type Stored = {
  versionHash?: unknown
  skillPins?: unknown
  modelPin?: unknown
  providerPin?: unknown
  canary?: unknown
}

export const pinSetIn = (row: Stored): PinSet => ({
  versionHash: String(row.versionHash),
  skillPins: pinsIn(row.skillPins),
  modelPin: textOrNull(row.modelPin),
  providerPin: textOrNull(row.providerPin),
  canary: canaryIn(row.canary),
})

/** As history keeps it and audit rows tell it. */
export const toldSet = (set: PinSet | null): Json | null =>
  set && {
    version_hash: set.versionHash,
    skill_pins: set.skillPins,
    model_pin: set.modelPin,
    provider_pin: set.providerPin,
    canary: storedCanary(set.canary),
  }

export const setFromTold = (value: unknown): PinSet | null => {
  const told = jsonIn(value)
  return (
    told &&
    pinSetIn({
      versionHash: told['version_hash'],
      skillPins: told['skill_pins'],
      modelPin: told['model_pin'],
      providerPin: told['provider_pin'],
      canary: told['canary'],
    })
  )
}
