import { SKILL_STATES } from './contract/words'

export type SkillState = (typeof SKILL_STATES)[number]

const NEXT: Readonly<Record<SkillState, readonly SkillState[]>> = {
  draft: ['tested', 'deprecated'],
  tested: ['approved', 'draft', 'deprecated'],
  approved: ['active', 'tested', 'deprecated'],
  active: ['deprecated'],
  deprecated: [],
}

export const isSkillState = (text: unknown): text is SkillState => SKILL_STATES.some((state) => state === text)

export const nextStates = (from: SkillState): readonly SkillState[] => NEXT[from]

// Who asks for a deprecated version gets it only where a pin names it.
export const mayRun = (state: SkillState, isPinned: boolean): boolean =>
  state === 'active' || (isPinned && state === 'deprecated')
