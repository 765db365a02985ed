import type { MutateDb, Scope } from '@/lib/core/scope'
import { isUuid, uuidv7 } from '@/lib/shared/id'
import { Problem } from '@/lib/shared/problem'
import { type EvalCase, type KnownCase, MOST_CASES, type SaveDataset } from '../contract'
import { hiddenFrom } from './find-dataset'
import { bodyHashOf, contentHashOf, invalid, withIds } from './identity'
import { parseCases } from './parse-cases'
import { caseOf, presentDataset } from './present'
import { closeCases, insertCases } from './sql'
import * as store from './store'

const MOST_DATASETS = 1_000
const AT_ONCE = 1_000
const ATTEMPTS = 5
const TRACE = 'trace-'

// Where a case comes from a trace, the trace stays with it.
export type SourcedCase = EvalCase & { traceId?: string | null }

export type Wish = {
  name: string
  description?: string | undefined
  message?: string | undefined
  mode: SaveDataset['mode']
  cases: readonly SourcedCase[]
  ids?: readonly string[]
  expectedVersion?: number | undefined
  // Rows beside the one that every save writes.
  alongside?: (db: MutateDb, version: number) => Promise<void>
}

type Named = KnownCase & { traceId?: string | null }
type Before = { row: store.DatasetRow | null; rows: readonly store.CaseRow[] }

const conflict = (version: number): never => {
  throw new Problem('version_conflict', undefined, { version })
}

const beforeOf = async (scope: Scope, name: string): Promise<Before> => {
  const row = await store.findDataset(scope.db, name)
  if (row === null) return { row, rows: [] }
  // Whoever may not see it may not find out by writing to it what it holds.
  if ((await hiddenFrom(scope)).includes(row.id))
    throw new Problem('workspace_access_denied', 'The dataset holds runs of other workspaces.')
  return { row, rows: await store.findCases(scope.db, row.id, row.latestVersion) }
}

const known = (row: store.CaseRow): Named => ({ ...caseOf(row), traceId: row.traceId })

// Whoever edits a case, or carries it to another dataset, still holds what that run was asked.
const namedTrace = (id: string): string | null => {
  const named = id.startsWith(TRACE) ? id.slice(TRACE.length) : ''
  return isUuid(named) ? named : null
}

const wantedCases = (wish: Wish, { rows }: Before): Named[] => {
  const sources = new Map(rows.map(({ caseId, traceId }) => [caseId, traceId]))
  const given: Named[] = withIds(wish.cases.map(({ traceId: _, ...one }) => one)).map((one, at) => ({
    ...one,
    traceId: wish.cases[at]?.traceId ?? sources.get(one.id) ?? namedTrace(one.id),
  }))
  if (wish.mode === 'replace') return given
  if (wish.mode === 'remove') {
    const gone = new Set(wish.ids)
    return rows.filter(({ caseId }) => !gone.has(caseId)).map(known)
  }
  const fresh = new Map(given.map((one) => [one.id, one]))
  const kept = rows.map((row) => {
    const other = fresh.get(row.caseId)
    fresh.delete(row.caseId)
    return other ?? known(row)
  })
  return [...kept, ...fresh.values()]
}

type Plan = { cases: readonly Named[]; added: readonly object[]; closed: readonly string[] }

// A row stays as long as its case does, at its place. All else is a new row and the end of an old one.
const planOf = (cases: readonly Named[], { rows }: Before, nowMs: number): Plan => {
  const old = new Map(rows.map((row) => [row.caseId, row]))
  const kept = new Set<string>()
  const added = cases.flatMap((one, at) => {
    const { id, traceId = null, ...body } = one
    const row = old.get(id)
    const hash = bodyHashOf(body)
    if (row && row.bodyHash === hash && row.position === at) {
      kept.add(row.rowId)
      return []
    }
    return [{ row: uuidv7(nowMs), case: id, at, hash, body, trace: traceId }]
  })
  return { cases, added, closed: rows.filter(({ rowId }) => !kept.has(rowId)).map(({ rowId }) => rowId) }
}

const inPieces = async (rows: readonly object[], write: (piece: readonly object[]) => Promise<unknown>) => {
  for (let from = 0; from < rows.length; from += AT_ONCE) await write(rows.slice(from, from + AT_ONCE))
}

const newRow = async (scope: Scope, db: MutateDb, wish: Wish): Promise<store.DatasetRow> => {
  if ((await db.dataset.count()) >= MOST_DATASETS)
    throw new Problem('invalid_request', `A tenant keeps at most ${MOST_DATASETS} datasets`)
  const now = scope.clock.now()
  const { name, description = null } = wish
  const about = { id: uuidv7(now.getTime()), name, description, latestVersion: 0, archivedAt: null }
  return store.createDataset(db, { ...about, createdBy: scope.actor, createdAt: now, updatedAt: now })
}

const write = async (scope: Scope, db: MutateDb, wish: Wish, before: Before, plan: Plan) => {
  const now = scope.clock.now()
  const row = before.row ?? (await newRow(scope, db, wish))
  const version = row.latestVersion + 1
  const change = { latestVersion: version, archivedAt: null }
  const { description } = wish
  const isMoved = await store.moveDataset(db, row, description === undefined ? change : { ...change, description }, now)
  if (!isMoved) conflict(row.latestVersion)
  const dataset = row.id
  const closed = plan.closed.map((id) => ({ dataset, row: id, until: version }))
  const added = plan.added.map((one) => ({ ...one, dataset, since: version }))
  await inPieces(closed, (rows) => db.run(closeCases, rows))
  await inPieces(added, (rows) => db.run(insertCases, rows))
  await store.createVersion(db, {
    datasetId: dataset,
    version,
    contentHash: contentHashOf(plan.cases.map(({ traceId: _, ...one }) => one)),
    caseCount: plan.cases.length,
    message: wish.message ?? null,
    createdBy: scope.actor,
    createdAt: now,
  })
  await wish.alongside?.(db, version)
  return { ...row, ...change, description: description ?? row.description, updatedAt: now }
}

const isTaken = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

const auditOf = (wish: Wish, plan: Plan) => ({
  event: 'config_change' as const,
  data: ({ id, name, latestVersion }: store.DatasetRow) => ({
    kind: 'dataset',
    id,
    dataset: name,
    version: latestVersion,
    mode: wish.mode,
    case_count: plan.cases.length,
  }),
})

type Saved = { row: store.DatasetRow; version: store.VersionRow | null; isNew: boolean }

const saveOnce = async (scope: Scope, wish: Wish): Promise<Saved> => {
  const before = await beforeOf(scope, wish.name)
  const latest = before.row?.latestVersion ?? 0
  if (wish.expectedVersion !== undefined && wish.expectedVersion !== latest) conflict(latest)
  const cases = wantedCases(wish, before)
  if (cases.length > MOST_CASES) invalid([`a dataset holds at most ${MOST_CASES} cases`])
  const plan = planOf(cases, before, scope.clock.now().getTime())
  const isSame = plan.added.length === 0 && plan.closed.length === 0
  if (before.row && isSame && wish.alongside === undefined)
    return { row: before.row, version: await store.findVersion(scope.db, before.row.id, latest), isNew: false }
  const row = await scope.mutate(auditOf(wish, plan), (db) => write(scope, db, wish, before, plan))
  return { row, version: await store.findVersion(scope.db, row.id, row.latestVersion), isNew: true }
}

/** The next version of a dataset. Who says which version was read is refused where it is another one by now. */
export const saveCases = async (scope: Scope, wish: Wish): Promise<Saved> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await saveOnce(scope, wish)
    } catch (error) {
      const isRace = isTaken(error) || (error instanceof Problem && error.code === 'version_conflict')
      if (!isRace) throw error
      if (wish.expectedVersion !== undefined || attempt >= ATTEMPTS)
        throw isTaken(error) ? new Problem('version_conflict', undefined, undefined, { cause: error }) : error
    }
  }
}

const casesIn = ({ cases, content, format, mode }: SaveDataset): EvalCase[] => {
  if (mode === 'remove') return []
  if (cases !== undefined && content !== undefined)
    throw new Problem('conflicting_fields', undefined, { fields: ['cases', 'content'] })
  if (content !== undefined) return parseCases(format ?? 'json', content)
  return cases === undefined || cases.length === 0 ? invalid(['there must be at least one']) : cases
}

export const saveDataset = async (scope: Scope, body: SaveDataset) => {
  const { row, version, isNew } = await saveCases(scope, {
    name: body.name,
    description: body.description,
    message: body.message,
    mode: body.mode,
    cases: casesIn(body),
    ...(body.ids === undefined ? {} : { ids: body.ids }),
    expectedVersion: body.expected_version,
  })
  return { status: 'ok' as const, dataset: presentDataset(row, version), is_new: isNew }
}
