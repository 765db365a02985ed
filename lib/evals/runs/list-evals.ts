import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { QueryOf, ReplyOf } from '@/lib/shared/contract'
import { toWireOrNull } from '@/lib/shared/time'
import type { listEvals as contract, EvalFilter, EvalSummary, evalScores as scoresContract } from '../contract'
import { presentSummary } from './present'
import { countResults } from './sql'
import * as store from './store'
import { isEnded } from './work-run'

const OPEN = ['queued', 'running', 'cancelling']

const statusWhere = (status: EvalFilter['status']): store.RunWhere => {
  if (status === undefined) return {}
  if (status === 'running') return { status: { in: OPEN } }
  if (status === 'cancelled') return { status }
  return { status: { in: ['completed', 'stopped'] }, outcome: status }
}

const reachWhere = (scope: Scope): store.RunWhere => {
  const { workspaces, user } = reachOf(scope)
  return {
    ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
    ...(user === null ? {} : { startedById: user }),
  }
}

const whereOf = (scope: Scope, filter: EvalFilter): store.RunWhere => {
  const { dataset_name, skill_name, model, workspace_id, environment, version_hash } = filter
  const wanted = {
    ...(dataset_name === undefined ? {} : { datasetName: dataset_name }),
    ...(skill_name === undefined ? {} : { skillName: skill_name }),
    ...(model === undefined ? {} : { model: { contains: model } }),
    ...(workspace_id === undefined ? {} : { workspaceId: workspace_id }),
    ...(environment === undefined ? {} : { environment }),
    ...(version_hash === undefined ? {} : { versionHash: { startsWith: version_hash.toLowerCase() } }),
  }
  return { AND: [reachWhere(scope), wanted, statusWhere(filter.status)] }
}

const progressOf = async (scope: Scope, rows: readonly store.RunRow[]) => {
  const open = rows.filter((row) => !isEnded(row))
  const found = new Map(open.map(({ id }) => [id, { done: 0, cost: 0 }]))
  if (open.length === 0) return found
  for (const row of await scope.rows(countResults, { ids: JSON.stringify([...found.keys()]) })) {
    const sum = found.get(String(row['run']))
    if (!sum) continue
    sum.cost += Number(row['cost'])
    if (row['status'] !== 'queued' && row['status'] !== 'answered') sum.done += Number(row['n'])
  }
  return found
}

const NO_PROGRESS = { done: 0, cost: 0 }

const briefOf = (one: EvalSummary, row: store.RunRow) => ({
  id: one.id,
  name: one.dataset_name,
  skill: one.skill_name ?? null,
  completed_at: one.completed_at,
  summary: {
    total: one.case_count,
    passed: one.pass_count,
    failed: row.failCount,
    avg_score: one.scores.avg_score,
  },
})

export const listEvals = async (scope: Scope, filter: EvalFilter): Promise<ReplyOf<typeof contract>> => {
  const { limit, offset } = filter
  const where = whereOf(scope, filter)
  const [rows, total] = await Promise.all([
    store.findRuns(scope.db, where, { take: limit, skip: offset }),
    store.countRuns(scope.db, where),
  ])
  const progress = await progressOf(scope, rows)
  const shown = rows.map((row) => ({ row, one: presentSummary(row, progress.get(row.id) ?? NO_PROGRESS) }))
  return {
    results: shown.map(({ one }) => one),
    evaluations: shown.map(({ one, row }) => briefOf(one, row)),
    total,
    has_more: offset + rows.length < total,
    limit,
    offset,
  }
}

type Wanted = Pick<QueryOf<typeof scoresContract>, 'by' | 'workspace_id' | 'dataset_name' | 'limit'>

const LOOKED_AT = 2_000

const subjectOf = (row: store.RunRow, by: Wanted['by']): string | null => {
  if (by === 'skill') return row.skillName === null ? null : `${row.skillName}@${row.skillVersion ?? 'latest'}`
  return row.versionHash === null ? null : row.versionHash.slice(0, 16)
}

/** The newest score of each version, or of each version of a skill, on each dataset. */
export const evalScores = async (scope: Scope, wanted: Wanted): Promise<ReplyOf<typeof scoresContract>> => {
  const { by, workspace_id: workspace, dataset_name: dataset, limit } = wanted
  const where = {
    AND: [
      reachWhere(scope),
      {
        status: 'completed',
        ...(by === 'skill' ? { skillName: { not: null } } : { versionHash: { not: null }, skillName: null }),
        ...(workspace === undefined ? {} : { workspaceId: workspace }),
        ...(dataset === undefined ? {} : { datasetName: dataset }),
      },
    ],
  }
  const newest = new Map<string, { subject: string; row: store.RunRow }>()
  for (const row of await store.findRuns(scope.db, where, { take: LOOKED_AT, skip: 0 })) {
    const subject = subjectOf(row, by)
    const key = JSON.stringify([subject, row.workspaceId, row.datasetName])
    if (subject !== null && !newest.has(key)) newest.set(key, { subject, row })
  }
  return {
    scores: [...newest.values()].slice(0, limit).map(({ subject, row }) => {
      const { scores } = presentSummary(row, NO_PROGRESS)
      return {
        subject,
        workspace_id: row.workspaceId,
        dataset_name: row.datasetName,
        eval_id: row.id,
        pass_rate: scores.pass_rate,
        avg_score: scores.avg_score,
        case_count: row.caseCount,
        completed_at: toWireOrNull(row.completedAt),
      }
    }),
  }
}
