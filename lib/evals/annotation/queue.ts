import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { BodyOf, QueryOf, ReplyOf } from '@/lib/shared/contract'
import { uuidv7 } from '@/lib/shared/id'
import { missing, Problem } from '@/lib/shared/problem'
import { toWire, toWireOrNull } from '@/lib/shared/time'
import type * as contracts from '../contract'
import type { QueueItem } from '../contract'
import * as store from './store'

const expectedIn = (row: store.ItemRow): unknown => {
  const { expected } = row
  return typeof expected === 'object' && expected !== null && 'value' in expected ? expected['value'] : null
}

export const presentItem = (row: store.ItemRow): QueueItem => ({
  id: row.id,
  queue: row.queue,
  trace_id: row.traceId,
  status: row.status as QueueItem['status'],
  reason: row.reason,
  assigned_to: row.assignedTo,
  expected: expectedIn(row),
  note: row.note,
  dataset_id: row.datasetId,
  case_id: row.caseId,
  created_by: row.createdBy,
  created_at: toWire(row.createdAt),
  done_by: row.doneBy,
  done_at: toWireOrNull(row.doneAt),
})

// A trace of another workspace is as unknown here as it is anywhere.
const seenTraces = async (scope: Scope, ids: readonly string[]): Promise<ReadonlySet<string>> =>
  new Set((await store.findTraces(scope.db, ids)).filter((row) => isInReach(scope, row)).map(({ id }) => id))

export const requireItem = async (scope: Scope, id: string): Promise<store.ItemRow> => {
  const row = await store.findItem(scope.db, id.toLowerCase())
  if (row === null) return missing('item')
  const { workspaceIds } = scope.identity
  if (workspaceIds === null) return row
  return (await seenTraces(scope, [row.traceId])).has(row.traceId) ? row : missing('item')
}

const isTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

/** Traces for people to look at. One that is in the queue already stays as it is. */
export const queueTraces = async (
  scope: Scope,
  body: BodyOf<typeof contracts.queueTraces>,
): Promise<ReplyOf<typeof contracts.queueTraces>> => {
  const ids = [...new Set(body.trace_ids.map((id) => id.toLowerCase()))]
  const seen = await seenTraces(scope, ids)
  const lost = ids.find((id) => !seen.has(id))
  if (lost !== undefined) return missing('trace', lost)
  const { queue, reason, assigned_to: assignedTo = null } = body
  const [now, page] = [scope.clock.now(), { take: ids.length, skip: 0 }]
  const about = {
    event: 'config_change' as const,
    data: (rows: readonly store.ItemRow[]) => ({ kind: 'annotation', act: 'queued', queue, items: rows.length }),
  }
  const write = () =>
    scope.mutate(about, async (db) => {
      const there = new Set(
        (await store.findItems(db, { queue, traceId: { in: ids } }, page)).map((row) => row.traceId),
      )
      const made: store.ItemRow[] = []
      for (const traceId of ids) {
        if (there.has(traceId)) continue
        const row = { id: uuidv7(now.getTime()), queue, traceId, status: 'waiting', assignedTo, createdAt: now }
        const said = reason === undefined ? null : scope.redaction.text(reason)
        const empty = { note: null, datasetId: null, caseId: null, doneBy: null, doneAt: null }
        made.push(await store.addItem(db, { ...row, ...empty, reason: said, createdBy: scope.actor }))
      }
      return made
    })
  // Somebody else may queue the same one at the same moment.
  const made = await write().catch((error: unknown) => (isTaken(error) ? write() : Promise.reject(error)))
  const items = await store.findItems(scope.db, { queue, traceId: { in: ids } }, page)
  return { status: 'ok', added: made.length, known: ids.length - made.length, items: items.map(presentItem) }
}

// Who is fenced to workspaces sees what waits from these alone.
const fenced = async (scope: Scope, where: store.ItemWhere): Promise<store.ItemWhere> => {
  const { workspaceIds } = scope.identity
  if (workspaceIds === null) return where
  const rows = await store.findItems(scope.db, where, { take: 5_000, skip: 0 })
  const seen = await seenTraces(scope, [...new Set(rows.map(({ traceId }) => traceId))])
  return { AND: [where, { traceId: { in: [...seen] } }] }
}

export const listQueue = async (
  scope: Scope,
  query: QueryOf<typeof contracts.listQueue>,
): Promise<ReplyOf<typeof contracts.listQueue>> => {
  const { queue, status, assigned_to: assignedTo, limit, offset } = query
  const all = await fenced(scope, {})
  const where: store.ItemWhere = {
    AND: [
      all,
      {
        ...(queue === undefined ? {} : { queue }),
        ...(status === undefined ? {} : { status }),
        ...(assignedTo === undefined ? {} : { assignedTo }),
      },
    ],
  }
  const [rows, total, counted] = await Promise.all([
    store.findItems(scope.db, where, { take: limit, skip: offset }),
    store.countItems(scope.db, where),
    store.countQueues(scope.db, all),
  ])
  const names = [...new Set(counted.map((row) => row.queue))].sort()
  const count = (name: string, wanted: string) =>
    counted.find((row) => row.queue === name && row.status === wanted)?._count._all ?? 0
  return {
    items: rows.map(presentItem),
    queues: names.map((name) => ({
      queue: name,
      waiting: count(name, 'waiting'),
      done: count(name, 'done'),
      skipped: count(name, 'skipped'),
    })),
    total,
    has_more: offset + rows.length < total,
    limit,
    offset,
  }
}

export const assertOpen = ({ caseId }: store.ItemRow): void => {
  if (caseId !== null) throw new Problem('already_resolved', 'A case was made of it already.')
}

// Two people do not take the same item: who wants what another one has asks for it to be given back first.
const assertFree = ({ assignedTo }: store.ItemRow, wished: string | null | undefined): void => {
  if (assignedTo === null || wished === undefined || wished === null || wished === assignedTo) return
  throw new Problem('version_conflict', 'Somebody else has it.', { assigned_to: assignedTo })
}

export const overtaken = (): never => {
  throw new Problem('version_conflict', 'Somebody else has just changed it.')
}

/** Assigns an item, says what would have been good, or skips it. */
export const changeItem = async (
  scope: Scope,
  id: string,
  body: BodyOf<typeof contracts.changeItem>,
): Promise<ReplyOf<typeof contracts.changeItem>> => {
  const row = await requireItem(scope, id)
  assertOpen(row)
  assertFree(row, body.assigned_to)
  const { assigned_to: assignedTo, expected, note } = body
  const status = body.status ?? (expected === undefined ? undefined : 'done')
  const now = scope.clock.now()
  const done =
    status === undefined
      ? {}
      : { status, ...(status === 'waiting' ? { doneBy: null, doneAt: null } : { doneBy: scope.actor, doneAt: now }) }
  const about = {
    event: 'config_change' as const,
    entityId: row.id,
    traceId: row.traceId,
    data: {
      kind: 'annotation',
      act: 'changed',
      queue: row.queue,
      ...(status === undefined ? {} : { status }),
      ...(assignedTo === undefined ? {} : { assigned_to: assignedTo }),
    },
  }
  const change = {
    ...done,
    ...(assignedTo === undefined ? {} : { assignedTo }),
    ...(expected === undefined ? {} : { expected: { value: expected } }),
    ...(note === undefined ? {} : { note: scope.redaction.text(note) }),
  }
  const item = await scope.mutate(about, async (db) => (await store.changeItem(db, row, change)) ?? overtaken())
  return { status: 'ok', item: presentItem(item) }
}
