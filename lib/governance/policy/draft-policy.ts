import { isInReach, seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import type { DraftFromDecision, PolicyView } from '../contract/policy'
import { PolicyDocument } from '../contract/policy-document'
import { type DecisionRow, findDecision } from '../decisions/store'
import { savePolicy } from './change-policy'
import { factsOf, valuesAt } from './facts'
import { issuesOf } from './filed'
import { presentPolicy } from './present'
import type { PolicyQuestion } from './question'
import { isSent } from './sent-fields'

const conditionsOf = (
  question: PolicyQuestion,
  fields: readonly string[],
  tenantId: string,
): Record<string, unknown> => {
  const facts = factsOf(question, { tenantId, root: null })
  const entries = fields.flatMap((field) => {
    const values = valuesAt(facts, field).values.flat()
    const plain = values.filter((value) => value === null || typeof value !== 'object')
    if (plain.length === 0) return []
    return [[field, plain.length === 1 ? plain[0] : { in: plain.slice(0, 200) }]]
  })
  return Object.fromEntries(entries)
}

const subjectOf = (row: DecisionRow): PolicyDocument['subject'] => {
  if (row.tool !== null) return { type: 'tool', name: row.tool }
  if (row.adapterId !== null) return { type: 'adapter', name: row.adapterId }
  return row.agentRole === null
    ? { type: 'environment', name: row.environment }
    : { type: 'agent', name: row.agentRole }
}

const idOf = (row: DecisionRow): string => `from-${row.id}`

const documentFrom = (scope: Scope, row: DecisionRow, body: DraftFromDecision): PolicyDocument => {
  const conditions = conditionsOf(row.facts as unknown as PolicyQuestion, body.include, scope.tenantId)
  const parsed = PolicyDocument.safeParse({
    policy_id: body.policy_id ?? idOf(row),
    scope: { workspace_id: row.workspaceId, environment: row.environment },
    subject: subjectOf(row),
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
    effect: body.effect,
    ...(body.explanation === undefined ? {} : { explanation: body.explanation }),
    precedence: body.precedence ?? 0,
    enabled: false,
  })
  if (parsed.success) return parsed.data
  throw new Problem('invalid_request', `No rule can be made of this decision: ${issuesOf(parsed.error)}`)
}

/** A rule for what was decided about, disabled until a person has looked at it. */
export const draftPolicy = async (scope: Scope, body: DraftFromDecision): Promise<{ policy: PolicyView }> => {
  const row = await findDecision(scope.db, body.decision_id.toLowerCase())
  if (row === null || !isInReach(scope, row)) return missing('decision', body.decision_id)
  if (!seesTexts(scope) && body.include.some((field) => isSent(field)))
    throw new Problem('permission_denied', 'What was sent is put into rules by those who may read it.', {
      permission: 'trace:reveal',
    })
  const document = documentFrom(scope, row, body)
  const about = { decision_id: row.id, trace_id: row.traceId }
  return {
    policy: presentPolicy(
      await savePolicy(scope, document, { event: 'policy_created_from_trace', source: 'trace', about }),
    ),
  }
}
