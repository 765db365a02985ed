import { isInReach } from '@/lib/core/reach'
import type { MutateDb, ReadDb, Scope } from '@/lib/core/scope'
import { missing, Problem } from '@/lib/shared/problem'
import { MAX_LABELS } from './contract'
import { putLabels } from './sql-labels'
import { findKnown, labelsIn } from './store'

export type LabelChange = Readonly<Record<string, string | null>>
export type LabelMode = 'merge' | 'replace'
type Labels = Record<string, string>

// A trace of somebody else is not there.
export const mustReach = async (scope: Scope, db: ReadDb, id: string) => {
  const found = await findKnown(db, id.toLowerCase())
  return found !== null && isInReach(scope, found) ? found : missing('trace')
}

export const mergeLabels = (current: Labels, change: LabelChange, mode: LabelMode): Labels => {
  const all = new Map(mode === 'replace' ? [] : Object.entries(current))
  for (const [key, value] of Object.entries(change)) {
    if (value === null) all.delete(key)
    else all.set(key, value)
  }
  return Object.fromEntries(all)
}

const refuseMany = (labels: Labels): void => {
  if (Object.keys(labels).length <= MAX_LABELS) return
  throw new Problem('invalid_request', 'Invalid payload', {
    formErrors: [],
    fieldErrors: { labels: [`a trace holds at most ${MAX_LABELS} labels`] },
  })
}

const cleaned = ({ redaction }: Scope, change: LabelChange): LabelChange =>
  Object.fromEntries(
    Object.entries(change).map(([key, value]) => [redaction.text(key), value === null ? null : redaction.text(value)]),
  )

const write = async (
  db: MutateDb,
  trace: { id: string },
  current: Labels,
  next: Labels,
): Promise<{ set: string[]; removed: string[] }> => {
  const removed = Object.keys(current).filter((key) => !Object.hasOwn(next, key))
  const set = Object.entries(next).filter(([key, value]) => current[key] !== value)
  if (removed.length > 0) await db.traceLabel.deleteMany({ where: { traceId: trace.id, key: { in: removed } } })
  if (set.length > 0)
    await db.run(
      putLabels,
      set.map(([key, value]) => ({ trace: trace.id, key, value })),
    )
  return { set: set.map(([key]) => key).sort(), removed: removed.sort() }
}

/** Sets labels, and takes away those that are null; both in one transaction with their row in the audit log. */
export const labelTrace = async (scope: Scope, id: string, change: LabelChange, mode: LabelMode = 'merge') => {
  const { workspaceId, id: traceId } = await mustReach(scope, scope.db, id)
  const about = { event: 'trace_labeled', entityId: traceId, traceId, workspaceId } as const
  const { labels } = await scope.mutate(
    { ...about, data: ({ done }: { done: object }) => ({ mode, ...done }) },
    async (db) => {
      const trace = await mustReach(scope, db, traceId)
      const current = await labelsIn(db, traceId)
      const next = mergeLabels(current, cleaned(scope, change), mode)
      refuseMany(next)
      return { labels: next, done: await write(db, trace, current, next) }
    },
  )
  return { status: 'ok' as const, trace_id: traceId, labels }
}
