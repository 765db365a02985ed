import { z } from 'zod'
import type { Wire } from '@/lib/shared/api-client'
import { opsListRegistry, opsListSkills, opsSkillsByState } from '@/lib/skills/contract'
import { LIFE, type SkillState } from './skill-words'

const VIEWS = ['registry', 'files', 'signers'] as const
export type View = (typeof VIEWS)[number]

// The page knows which view is open; each call knows its own filters only.
export const skillsPage = {
  ...opsListRegistry,
  query: opsListRegistry.query.extend({
    view: z.enum(VIEWS).optional(),
    state: opsSkillsByState.query.shape.state.optional(),
    workspace_id: opsListSkills.query.shape.workspace_id,
    environment: opsListSkills.query.shape.environment,
  }),
}

export const viewOf = (wire: Wire): View => VIEWS.find((view) => view === wire['view']) ?? 'registry'

const pick = (wire: Wire, names: readonly string[]): Wire =>
  Object.fromEntries(Object.entries(wire).filter(([name]) => names.includes(name)))

export const stateIn = (wire: Wire): SkillState | null => LIFE.find((state) => state === wire['state']) ?? null

export const registryWire = (wire: Wire): Wire => pick(wire, ['q', 'limit', 'offset'])
export const filesWire = (wire: Wire): Wire => pick(wire, ['workspace_id', 'environment'])
