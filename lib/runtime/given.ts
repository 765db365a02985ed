import type { Resolved } from '@/lib/workspace'

// What an environment gave a run, for its record.
export type Given = Pick<Resolved, 'pin' | 'arm' | 'skillVersions' | 'skillStates'>

export type Pins = Pick<Resolved, 'environment' | 'modelPin' | 'providerPin'>

export const NOTHING_GIVEN: Given = { pin: null, arm: null, skillVersions: {}, skillStates: {} }

// Skills on their way out, which ran all the same because a pin names them.
const deprecatedIn = ({ skillVersions, skillStates }: Given): [name: string, version: string][] =>
  Object.entries(skillVersions).filter(([name]) => skillStates[name] === 'deprecated')

/** As the trace and the first audit rows of a run tell it. */
export const givenFacts = (given: Given) => {
  const { pin, arm, skillVersions } = given
  const deprecated = deprecatedIn(given)
  return {
    start: { pinId: pin?.id ?? null, arm, skillVersions, deprecatedSkills: deprecated.map((pair) => pair.join('@')) },
    audit: pin === null ? {} : { pin_id: pin.id, pin_revision: pin.revision, ...(arm === null ? {} : { arm }) },
    rows: deprecated.map(([name, version]) => ({ event: 'skill_deprecated_used' as const, data: { name, version } })),
  }
}

export const givenBy = ({ pin, arm, skillVersions, skillStates }: Resolved): Given => ({
  ...{ pin, arm, skillVersions, skillStates },
})
