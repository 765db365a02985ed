import type { z } from 'zod'
import type { Tone } from '@/components/ui/badge'
import type { RegistrySkill } from '@/lib/skills/contract'

export const SKILLS_TEXT =
  'What agents can do: published versions that never change, each on its way from draft to active.'

export type Skill = z.output<typeof RegistrySkill>
export type SkillState = Skill['state']

export const LIFE: readonly SkillState[] = ['draft', 'tested', 'approved', 'active', 'deprecated']

type StateWords = { name: string; tone: Tone; means: string; asks: string; does: string }

export const STATES: Record<SkillState, StateWords> = {
  draft: {
    name: 'Draft',
    tone: 'system',
    means: 'Published, and no run may use it yet.',
    asks: 'Asks for nothing.',
    does: 'It goes back to the beginning: no run uses it, and its tests count as they stand.',
  },
  tested: {
    name: 'Tested',
    tone: 'info',
    means: 'Its tests passed on exactly this content.',
    asks: 'From draft it asks for a test run that passed on exactly this content.',
    does: 'It says that its tests passed. No run uses it yet.',
  },
  approved: {
    name: 'Approved',
    tone: 'accent',
    means: 'Somebody looked at it and said yes.',
    asks: 'Asks for you to have looked at its instructions and permissions.',
    does: 'It says that you looked at it and agree. No run uses it yet.',
  },
  active: {
    name: 'Active',
    tone: 'ok',
    means: 'Runs use it.',
    asks: 'Asks for a signature that is valid, where it is signed or must be.',
    does: 'From now on runs that ask for the latest version get the highest active one, and pins may name this one.',
  },
  deprecated: {
    name: 'Deprecated',
    tone: 'warn',
    means: 'Out of use: only an environment that pins it still runs it.',
    asks: 'Asks for nothing, and nothing follows it.',
    does: 'It leaves the registry for good. An environment that pins it keeps it; nobody else gets it again.',
  },
}

export const skillHref = (name: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query)
  return `/ops/skills/${encodeURIComponent(name)}${search.size > 0 ? `?${search}` : ''}`
}

export const skillCostHref = '/ops/cost?by=skill'

export const evalsOfSkill = (name: string): string => `/ops/evals?${new URLSearchParams({ skill_name: name })}`

export const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${(share * 100).toFixed(share === 1 || share === 0 ? 0 : 1)} %`

export const personOf = (actor: string): string => actor.replace(/^user:/, '')

// Within a sentence colour alone would not tell a link.
export const wordLink = 'text-accent underline underline-offset-2'

export { linkStyle } from '@/components/workspaces/workspace-words'
