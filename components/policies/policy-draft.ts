import type { z } from 'zod'
import { EFFECTS, PolicyDocument, type PolicyView, SUBJECTS } from '@/lib/governance/contract'
import { isRole, type Role } from '@/lib/shared/rbac'
import { conditionsOf, type Line, linesOf } from './condition-text'

/** A policy while a person writes it. */
export type Draft = {
  id: string
  subjectType: (typeof SUBJECTS)[number]
  subjectName: string
  workspace: string
  environment: string
  lines: readonly Line[]
  effect: (typeof EFFECTS)[number]
  requiredRole: Role
  explanation: string
  precedence: string
  isEnabled: boolean
}

export const EMPTY: Draft = {
  ...{ id: '', subjectType: 'tool', subjectName: '', workspace: '', environment: '', lines: [] },
  ...{ effect: 'require_approval', requiredRole: 'release_manager', explanation: '', precedence: '0', isEnabled: true },
}

export const draftOf = (policy: PolicyView): Draft => ({
  id: policy.policy_id,
  subjectType: policy.subject.type,
  subjectName: policy.subject.name ?? '',
  workspace: policy.scope.workspace_id ?? '',
  environment: policy.scope.environment ?? '',
  lines: linesOf(policy.conditions),
  effect: policy.effect.decision,
  requiredRole: policy.effect.required_role ?? 'release_manager',
  explanation: policy.explanation ?? '',
  precedence: String(policy.precedence),
  isEnabled: policy.enabled,
})

export const subjectOf = (text: string): Draft['subjectType'] => SUBJECTS.find((one) => one === text) ?? 'tool'
export const effectOf = (text: string): Draft['effect'] => EFFECTS.find((one) => one === text) ?? 'deny'
export const roleOf = (text: string): Role => (isRole(text) ? text : 'release_manager')

const named = <K extends string>(key: K, text: string): { [P in K]?: string } =>
  (text.trim() === '' ? {} : { [key]: text.trim() }) as { [P in K]?: string }

type Sent = z.input<typeof PolicyDocument>

export const documentOf = (draft: Draft): Sent => {
  const conditions = conditionsOf(draft.lines)
  return {
    policy_id: draft.id.trim(),
    scope: { ...named('workspace_id', draft.workspace), ...named('environment', draft.environment) },
    subject: { type: draft.subjectType, ...named('name', draft.subjectType === 'cost' ? '' : draft.subjectName) },
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    effect: {
      decision: draft.effect,
      ...(draft.effect === 'require_approval' ? { required_role: draft.requiredRole } : {}),
    },
    ...named('explanation', draft.explanation),
    precedence: /^-?\d{1,4}$/.test(draft.precedence) ? Number(draft.precedence) : Number.NaN,
    enabled: draft.isEnabled,
  }
}

export type Faults = Readonly<Record<string, string>>

// A name for what has none yet, so that it can be tried out before it is named.
const TRIAL = 'draft-that-is-tried'

export const judged = (draft: Draft): { document: PolicyDocument | null; faults: Faults } => {
  const parsed = PolicyDocument.safeParse(documentOf(draft))
  if (parsed.success) return { document: parsed.data, faults: {} }
  const faults = Object.fromEntries(
    parsed.error.issues.map(({ path, message }) => [path.slice(0, 2).join('.'), message]),
  )
  return { document: null, faults }
}

/** As it would be asked, were it saved and enabled; null while it is no policy yet. */
export const trialOf = (draft: Draft): PolicyDocument | null =>
  judged({ ...draft, id: draft.id.trim() === '' ? TRIAL : draft.id, isEnabled: true }).document

/** The change of a policy that is there, made from a revision that was read. */
export const changeOf = (draft: Draft, revision: number) => {
  const { policy_id: _id, explanation, conditions, ...rest } = documentOf(draft)
  return { revision, ...rest, conditions: conditions ?? {}, explanation: explanation ?? null }
}
