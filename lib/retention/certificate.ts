import { dateOf, monotonicMs } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import { jobWrite } from '@/lib/core/outbox'
import type { Scope } from '@/lib/core/scope'
import { forgetDeleted } from '@/lib/core/sqlite/forget-deleted'
import type { CommandWrite } from '@/lib/core/writer'
import { digestOf } from './digest'
import type { Pass } from './pass'
import { hasDone } from './tally'

export const RETENTION_JOB = 'retention.enforce'
export const CERTIFICATE = 'retention'

const TEXT_INDEX = 'TraceTextIndex'
const YOUNG_MS = 3_600_000 + 60_000
const JOB_ATTEMPTS = 5

export type Reason = { reason_code?: string | undefined; justification?: string | undefined }

export type About = Reason & { by: 'request' | 'schedule' }

const factsOf = ({ plan, tally, id, startedMs, stopped }: Pass) => ({
  pass_id: id,
  cutoff: dateOf(plan.cutoff).toISOString(),
  policy: plan.rules,
  traces_deleted: tally.counts.delete,
  traces_reduced: tally.counts.reduce,
  bodies_deleted: tally.freed.bodies,
  snapshots_deleted: tally.snapshots,
  records_deleted: tally.records,
  bytes_reclaimed: tally.bytes,
  ids_sha256: tally.digests.delete.hex(),
  reduced_ids_sha256: tally.digests.reduce.hex(),
  parts: tally.parts,
  left: tally.left,
  is_complete: stopped === null,
  ...(stopped === null ? {} : { stopped }),
  duration_ms: Math.round(monotonicMs() - startedMs),
})

const whyOf = (scope: Scope, { reason_code: code, justification }: Reason): object => ({
  ...(code ? { reason_code: code } : {}),
  ...(justification ? { justification: scope.redaction.text(justification) } : {}),
})

// The name of the person is not kept where all else of them goes; whoever knows it can tell it again from the digest.
const subjectOf = ({ plan }: Pass): object =>
  plan.userId === undefined ? { kind: 'pass' } : { kind: 'erasure', subject_sha256: digestOf([plan.userId]) }

const later = (scope: Scope, pass: Pass, waitMs: number, payload: Record<string, string>): CommandWrite =>
  jobWrite({
    kind: RETENTION_JOB,
    payload,
    runAt: dateOf(scope.clock.now().getTime() + waitMs),
    dedupeKey: `${pass.id}:${payload['task']}`,
    maxAttempts: JOB_ATTEMPTS,
  }).write

// What time did not suffice for, and texts that were too young to go: a job comes back for both.
const followUps = (scope: Scope, pass: Pass): CommandWrite[] => {
  const { plan, stopped, tally } = pass
  const rest = plan.userId === undefined ? { task: 'rest' } : { task: 'rest', user_id: plan.userId }
  return [
    ...(stopped === 'time' ? [later(scope, pass, 0, rest)] : []),
    ...(tally.freed.young > 0 ? [later(scope, pass, YOUNG_MS, { task: 'sweep' })] : []),
  ]
}

// Deleted texts leave the file with their pages, and the index and the log with this.
const settle = async (scope: Scope): Promise<void> => {
  if (!(await forgetDeleted(kernel().db.url, [TEXT_INDEX])))
    scope.log.warn('the database is in use, deleted texts leave its log later')
}

/** The last row of a pass: what it did in all, why, and a digest of what went. */
export const certify = async (scope: Scope, pass: Pass, about: About): Promise<void> => {
  const { by, ...reason } = about
  if (by === 'schedule' && !hasDone(pass.tally) && pass.stopped === null) return
  const data = { ...subjectOf(pass), by, ...whyOf(scope, reason), ...factsOf(pass) }
  await scope.command({
    audit: [{ event: 'retention_enforced', entityId: CERTIFICATE, data }],
    writes: followUps(scope, pass),
  })
  if (hasDone(pass.tally)) await settle(scope)
}
