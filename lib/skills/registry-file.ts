import { parse } from 'yaml'
import { SkillName } from './manifest'
import { isVersion } from './version'

export const REGISTRY_FILE = 'skills/registry.yaml'

export type WantedSkills = { wanted: Readonly<Record<string, string>>; notes: readonly string[] }

const MOST_CHARACTERS = 16_384
const MOST_SKILLS = 64

const nothing = (why: string): WantedSkills => ({
  wanted: {},
  notes: [`${REGISTRY_FILE} ${why}; no skill of the registry is used`],
})

const read = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'error' }) as unknown
  } catch {
    return undefined
  }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const faultOf = (name: string, version: unknown): string | null => {
  if (!SkillName.safeParse(name).success) return `${REGISTRY_FILE}: ${name.slice(0, 80)} is no name of a skill`
  if (version === 'latest' || (typeof version === 'string' && isVersion(version))) return null
  return `${REGISTRY_FILE}: ${name} must be x.y.z or latest`
}

/** Which skills of the registry a workspace asks for. */
export const readRegistryFile = (text: string | undefined): WantedSkills => {
  if (text === undefined || text.trim() === '') return { wanted: {}, notes: [] }
  if (text.length > MOST_CHARACTERS) return nothing('is too long')
  const value = read(text)
  if (value === null) return { wanted: {}, notes: [] }
  if (!isMap(value)) return nothing('is no map of names to versions')
  const entries = Object.entries(value)
  const notes = entries.flatMap(([name, version]) => faultOf(name, version) ?? [])
  const fine = entries.filter(([name, version]) => faultOf(name, version) === null)
  const more =
    fine.length > MOST_SKILLS ? [`${REGISTRY_FILE} names more than ${MOST_SKILLS} skills; the rest is left out`] : []
  return {
    wanted: Object.fromEntries(fine.slice(0, MOST_SKILLS).map(([name, version]) => [name, String(version)])),
    notes: [...notes, ...more],
  }
}
