import { dateOf } from '@/lib/core/clock'
import { enqueue } from '@/lib/core/outbox'
import type { MutateDb, Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import type { GivenPins } from '@/lib/workspace'
import type { EvalBody, EvalOptions, KnownCase } from '../contract'
import { keptOptions } from './kept-options'
import { type Planned, planRun } from './plan-run'
import { presentRun } from './present'
import { reckon } from './reckon'
import { insertResults } from './sql'
import { createRun, type Mark, type RunRow } from './store'

export const EVAL_JOB = 'evals.run'

const AT_ONCE = 1_000
const MICRO = 1_000_000
const STATUS = 200

type NewResult = { run: string; case: string; attempt: number; at: number; body: object }

const rowsOf = (runId: string, cases: readonly KnownCase[], repeats: number): NewResult[] =>
  cases.flatMap(({ id, ...body }, at) =>
    Array.from({ length: repeats }, (_, i) => ({ run: runId, case: id, attempt: i + 1, at, body })),
  )

const insertAll = async (db: MutateDb, rows: readonly object[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += AT_ONCE) await db.run(insertResults, rows.slice(from, from + AT_ONCE))
}

const auditOf = (id: string, planned: Planned, repeats: number) => ({
  event: 'eval_run' as const,
  entityId: id,
  workspaceId: planned.workspaceId,
  data: {
    eval_id: id,
    phase: 'started',
    dataset: planned.dataset.name,
    dataset_version: planned.dataset.version,
    cases: planned.dataset.cases.length,
    repeats,
    model: planned.model,
    environment: planned.environment,
    version_hash: planned.versionHash?.slice(0, 16) ?? null,
    ...(planned.skillName === null ? {} : { skill: `${planned.skillName}@${planned.skillVersion ?? 'latest'}` }),
  },
})

const markOf = ({ case: caseId, attempt, at }: NewResult): Mark => ({
  ...{ caseId, attempt, position: at, status: 'queued' },
  ...{ score: null, scores: {}, durationMs: null, costMicroUsd: 0n },
})

// Whoever asks again, after a server that died too, is answered with this evaluation and never with a second one.
const keepAnswer = async ({ once }: Scope, db: MutateDb, row: RunRow, rows: readonly NewResult[]): Promise<void> => {
  if (!once) return
  const { statement, rows: kept } = once.write(STATUS, presentRun(row, reckon(rows.map(markOf)), []))
  await db.run(statement, kept)
}

export type Started = { row: RunRow; jobId: string }

/** Writes an evaluation down with all its cases, and the job that goes on with it should nobody else do so. */
export const startRun = async (
  scope: Scope,
  body: EvalBody,
  { jobDelayMs, pins }: { jobDelayMs: number; pins?: GivenPins | undefined },
): Promise<Started> => {
  const planned = await planRun(scope, body, pins)
  const { dataset, scorers } = planned
  const now = scope.clock.now()
  const id = uuidv7(now.getTime())
  const said: Partial<EvalOptions> = body.options ?? {}
  const repeats = body.options?.repeats ?? 1
  const rows = rowsOf(id, dataset.cases, repeats)
  const started = scope.mutate(auditOf(id, planned, repeats), async (db) => {
    const row = await createRun(db, {
      id,
      datasetId: dataset.id,
      datasetName: dataset.name,
      datasetVersion: dataset.version,
      workspaceId: planned.workspaceId,
      environment: planned.environment,
      versionHash: planned.versionHash,
      model: planned.model,
      skillName: planned.skillName,
      skillVersion: planned.skillVersion,
      baselineId: planned.baselineId,
      promotionId: body.promotion_id ?? null,
      options: keptOptions(scope, said, pins),
      scorers: [...scorers],
      repeats,
      caseCount: dataset.cases.length,
      capMicroUsd: said.cap_usd === undefined ? null : BigInt(Math.round(said.cap_usd * MICRO)),
      startedBy: scope.actor,
      startedById: scope.identity.userId,
      createdAt: now,
    })
    await insertAll(db, rows)
    const job = { kind: EVAL_JOB, payload: { eval_id: id }, maxAttempts: 30 }
    const { id: jobId } = await enqueue(db, { ...job, runAt: dateOf(now.getTime() + jobDelayMs) })
    await keepAnswer(scope, db, row, rows)
    return { row, jobId }
  })
  return started.catch((error: unknown) => {
    if (scope.once) scope.once.isTaken = false
    throw error
  })
}
