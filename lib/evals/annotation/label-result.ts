import type { Scope } from '@/lib/core/scope'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire } from '@/lib/shared/time'
import type { labelResult as contract, listLabels as listContract } from '../contract'
import { requireRun } from '../runs/find-eval'
import { scorersOf } from '../runs/kept-options'
import { marksOf } from '../runs/reckon'
import { findResult } from '../runs/store'
import { nameOf } from '../scorers/score-case'
import * as store from './store'

const OVERALL = 'overall'

const labeller = ({ identity, actor }: Scope): string => identity.userId ?? actor

/** What one person says of one answer; said again, the newer word holds. */
export const labelResult = async (
  scope: Scope,
  id: string,
  body: BodyOf<typeof contract>,
): Promise<ReplyOf<typeof contract>> => {
  const row = await requireRun(scope, id)
  const { case_id: caseId, attempt, scorer, passed, comment } = body
  const result = (await findResult(scope.db, row.id, caseId, attempt)) ?? missing('result', caseId)
  const known = [...scorersOf(row).map(nameOf), ...marksOf(result.scores).parts.map(({ name }) => name)]
  if (scorer !== OVERALL && !known.includes(scorer)) return missing('scorer', scorer)
  if (result.status === 'queued')
    throw new Problem('version_conflict', 'There is no answer to label yet.', { case_id: caseId })
  const key = { runId: row.id, caseId, attempt, scorer, labelledById: labeller(scope) }
  const data = { kind: 'eval_label', eval_id: row.id, case_id: caseId, attempt, scorer, passed }
  const about = { event: 'config_change' as const, entityId: row.id, workspaceId: row.workspaceId, data }
  await scope.mutate(about, async (db) => {
    if (passed === null) return store.dropLabel(db, key)
    const said = comment === undefined ? null : scope.redaction.text(comment)
    const when = { labelledBy: scope.actor, labelledAt: scope.clock.now() }
    return store.addLabel(db, { ...key, passed, comment: said, ...when })
  })
  return { status: 'ok' }
}

export const listLabels = async (scope: Scope, id: string): Promise<ReplyOf<typeof listContract>> => {
  const row = await requireRun(scope, id)
  const labels = await store.findLabels(scope.db, row.id)
  return {
    labels: labels.map((label) => ({
      case_id: label.caseId,
      attempt: label.attempt,
      scorer: label.scorer,
      passed: label.passed,
      comment: label.comment,
      labelled_by: label.labelledBy,
      labelled_at: toWire(label.labelledAt),
    })),
  }
}
