import type { FileSkill } from './parse-skill'
import { redactionRows } from './redaction-rows'
import type { SkillState } from './states'

type Model = { provider: string; id: string; name: string }

const inPlay = (skills: readonly FileSkill[]): FileSkill[] => skills.filter(({ isVisible }) => isVisible)

/** The most that one answer may hold where these skills are in play; null where none of them says. */
export const skillTokens = (skills: readonly FileSkill[]): number | null => {
  const limits = inPlay(skills).flatMap(({ permissions }) => permissions?.maxTokens ?? [])
  return limits.length === 0 ? null : Math.min(...limits)
}

const allows = (rules: readonly string[], { provider, id, name }: Model): boolean =>
  rules.some((rule) => rule === name || rule === id || rule === `${provider}/*`)

/** The first skill in play that does not allow this model. */
export const refusingSkill = (skills: readonly FileSkill[], model: Model): FileSkill | null =>
  inPlay(skills).find(({ permissions }) => {
    const rules = permissions?.allowedModels
    return rules !== undefined && rules.length > 0 && !allows(rules, model)
  }) ?? null

/** What these skills want masked besides. */
export const skillRedaction = (skills: readonly FileSkill[]) =>
  inPlay(skills).flatMap(({ name, redaction }) => (redaction === undefined ? [] : redactionRows(name, redaction)))

/** Name to version of what a run carries. Files have no version of their own: the workspace's stands for them. */
export const skillVersionsIn = (skills: readonly FileSkill[]): Record<string, string> =>
  Object.fromEntries(inPlay(skills).flatMap(({ name, version }) => (version === undefined ? [] : [[name, version]])))

export const skillStatesIn = (skills: readonly FileSkill[]): Record<string, SkillState> =>
  Object.fromEntries(inPlay(skills).flatMap(({ name, state }) => (state === undefined ? [] : [[name, state]])))
