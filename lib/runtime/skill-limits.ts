import type { Scope } from '@/lib/core/scope'
import type { ModelRef } from '@/lib/providers'
import { Problem } from '@/lib/shared/problem'
import { refusingSkill, skillRedaction, skillTokens } from '@/lib/skills'
import type { Bundle } from '@/lib/workspace'

// What the manifests of the skills in play hold a run to.
type Skilled = Pick<Bundle, 'skills'>
type Models = { model: ModelRef; fallback: ModelRef | null }

/** The models of a run, where every skill in play allows them. The one that answers first is refused, never replaced. */
export const modelsWithin = ({ skills }: Skilled, { model, fallback }: Models): Models => {
  const by = refusingSkill(skills, model)
  if (by === null) return { model, fallback: fallback !== null && refusingSkill(skills, fallback) ? null : fallback }
  throw new Problem('policy_denied', `The skill ${by.name} does not allow the model ${model.name}.`, {
    skill: by.name,
    version: by.version ?? null,
    model: model.name,
    allowed_models: by.permissions?.allowedModels ?? [],
  })
}

export const tokensWithin = ({ skills }: Skilled, tokens: number): number =>
  Math.min(tokens, skillTokens(skills) ?? tokens)

/** From here on whatever is stored of this run is masked as its skills ask for. */
export const redactFor = (scope: Pick<Scope, 'redaction'>, { skills }: Skilled): void =>
  scope.redaction.also(skillRedaction(skills))
