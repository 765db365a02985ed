import type { Scope } from '@/lib/core/scope'
import { loadManifest, signatureFault } from './load-version'
import type { FileSkill } from './parse-skill'
import { registrySkill } from './registry-skill'
import { isSkillState, mayRun, type SkillState } from './states'
import { findHighestActive, findLight, type LightRow } from './store'
import { thisHost } from './this-host'

export type RegistrySkills = {
  skills: readonly FileSkill[]
  // What a run carries: name to version, and name to state.
  versions: Readonly<Record<string, string>>
  states: Readonly<Record<string, SkillState>>
  notes: readonly string[]
}

type Wanted = Readonly<Record<string, string>>

type Ways = {
  // Named by a pin: a deprecated version may still run there.
  isPinned?: boolean
  hasConfig?: (key: string) => boolean
}

const NO_REGISTRY_SKILLS: RegistrySkills = { skills: [], versions: {}, states: {}, notes: [] }

const MOST_SKILLS = 64
const LATEST = 'latest'

type Found = { skill: FileSkill | null; note: string | null }

const none = (note: string): Found => ({ skill: null, note })

const refusalOf = async (scope: Scope, row: LightRow, state: SkillState, isPinned: boolean): Promise<string | null> => {
  if (!mayRun(state, isPinned)) return `it is ${state}, and only an active version runs`
  return signatureFault(scope, row)
}

const loaded = async (scope: Scope, row: LightRow, { isPinned = false, hasConfig = () => false }: Ways) => {
  const { name, version, state, contentHash } = row
  const about = `The skill ${name}@${version} is left out`
  if (!isSkillState(state)) return none(`${about}: its state is unknown`)
  const manifest = await loadManifest(scope, row)
  if (typeof manifest === 'string') return none(`${about}: ${manifest}`)
  const refusal = await refusalOf(scope, row, state, isPinned)
  const skill = registrySkill(
    { manifest, contentHash, state },
    thisHost(hasConfig),
    refusal === null ? null : `Skipped: ${refusal}`,
  )
  return { skill, note: skill.isEnabled ? null : `${about}: ${refusal ?? skill.gateReason}` }
}

const findOne = async (scope: Scope, name: string, version: string, ways: Ways): Promise<Found> => {
  const { allowedSkills } = scope.identity
  if (allowedSkills !== undefined && !allowedSkills.includes(name))
    return none(`The skill ${name} is left out: the caller's token does not allow it`)
  const row = version === LATEST ? await findHighestActive(scope.db, name) : await findLight(scope.db, name, version)
  if (row) return loaded(scope, row, ways)
  return none(
    `The skill ${name}@${version} is left out: ${version === LATEST ? 'no version is active' : 'there is none'}`,
  )
}

/**
 * What the registry holds of these names (to x.y.z, or to `latest`, which is the highest active version). What may not
 * run is left out with a note, or stands among the skills switched off.
 */
export const registrySkillsFor = async (scope: Scope, wanted: Wanted, ways: Ways = {}): Promise<RegistrySkills> => {
  const names = Object.entries(wanted)
  if (names.length === 0) return NO_REGISTRY_SKILLS
  const found: Found[] = []
  for (const [name, version] of names.slice(0, MOST_SKILLS)) found.push(await findOne(scope, name, version, ways))
  const skills = found.flatMap(({ skill }) => skill ?? [])
  const inPlay = skills.filter(({ isVisible }) => isVisible)
  const more = names.length > MOST_SKILLS ? [`A run carries at most ${MOST_SKILLS} skills; the rest is left out`] : []
  return {
    skills,
    versions: Object.fromEntries(inPlay.map(({ name, version }) => [name, version ?? ''])),
    states: Object.fromEntries(inPlay.flatMap(({ name, state }) => (state === undefined ? [] : [[name, state]]))),
    notes: [...found.flatMap(({ note }) => note ?? []), ...more],
  }
}
