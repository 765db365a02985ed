import type { Scope } from '@/lib/core/scope'
import type { BodyOf, QueryOf, ReplyOf } from '@/lib/shared/contract'
import type * as contracts from '../contract'
import { datasetCases, hiddenFrom, requireDataset, requireVersion } from './find-dataset'
import { caseOf, presentDataset, presentVersion } from './present'
import * as store from './store'
import { writeCases } from './write-cases'

export const listDatasets = async (
  scope: Scope,
  { q, archived, limit, offset }: QueryOf<typeof contracts.listDatasets>,
): Promise<ReplyOf<typeof contracts.listDatasets>> => {
  const filter = { q, isArchived: archived === 'true', hidden: await hiddenFrom(scope) }
  const [rows, total] = await Promise.all([
    store.findDatasets(scope.db, filter, { take: limit, skip: offset }),
    store.countDatasets(scope.db, filter),
  ])
  const newest = await store.findNewest(scope.db, rows)
  const datasets = rows.map((row) => presentDataset(row, newest.get(row.id)))
  return { datasets, total, has_more: offset + rows.length < total, limit, offset }
}

export const getDataset = async (
  scope: Scope,
  name: string,
  { version, limit, offset }: QueryOf<typeof contracts.getDataset>,
): Promise<ReplyOf<typeof contracts.getDataset>> => {
  const row = await requireDataset(scope, name)
  const shown = await requireVersion(scope, row, version)
  const [versions, total, rows] = await Promise.all([
    store.findVersions(scope.db, row.id),
    store.countCases(scope.db, row.id, shown.version),
    store.findCases(scope.db, row.id, shown.version, { take: limit, skip: offset }),
  ])
  const newest = shown.version === row.latestVersion ? shown : await requireVersion(scope, row, undefined)
  return {
    dataset: presentDataset(row, newest),
    versions: versions.map(presentVersion),
    version: shown.version,
    cases: rows.map((one) => ({ ...caseOf(one), trace_id: one.traceId, since_version: one.fromVersion })),
    total,
    has_more: offset + rows.length < total,
    limit,
    offset,
  }
}

export const diffDataset = async (
  scope: Scope,
  name: string,
  { from, to }: QueryOf<typeof contracts.diffDataset>,
): Promise<ReplyOf<typeof contracts.diffDataset>> => {
  const row = await requireDataset(scope, name)
  const [before, after] = await Promise.all(
    [from, to].map(async (version) => {
      const found = await requireVersion(scope, row, version)
      return store.findCases(scope.db, row.id, found.version)
    }),
  )
  const [old, fresh] = [
    new Map(before?.map((one) => [one.caseId, one])),
    new Map(after?.map((one) => [one.caseId, one])),
  ]
  const without = (rows: typeof before, others: typeof old) => (rows ?? []).filter(({ caseId }) => !others.has(caseId))
  return {
    added: without(after, old).map(caseOf),
    removed: without(before, fresh).map(caseOf),
    changed: [...fresh.values()].flatMap(({ caseId, bodyHash }) => {
      const known = old.get(caseId)
      return known && known.bodyHash !== bodyHash ? [caseId] : []
    }),
  }
}

const TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/x-ndjson; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const

export const exportDataset = async (
  scope: Scope,
  name: string,
  { version, format }: QueryOf<typeof contracts.exportDataset>,
): Promise<Response> => {
  const found = await datasetCases(scope, name, version)
  const data = { kind: 'dataset', format, dataset: found.name, version: found.version, cases: found.cases.length }
  await scope.command({ audit: [{ event: 'export_created', entityId: found.id, data }] })
  const file = `${found.name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}-v${found.version}.${format}`
  return new Response(writeCases(format, found.name, found.version, found.cases), {
    headers: { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${file}"` },
  })
}

export const archiveDataset = async (
  scope: Scope,
  name: string,
  { archived }: BodyOf<typeof contracts.archiveDataset>,
): Promise<ReplyOf<typeof contracts.archiveDataset>> => {
  const row = await requireDataset(scope, name)
  const now = scope.clock.now()
  const about = {
    event: 'config_change' as const,
    entityId: row.id,
    data: { kind: 'dataset', dataset: row.name, version: row.latestVersion, archived },
  }
  await scope.mutate(about, (db) => store.moveDataset(db, row, { archivedAt: archived ? now : null }, now))
  const fresh = (await store.findDatasetById(scope.db, row.id)) ?? row
  return { status: 'ok', dataset: presentDataset(fresh, await requireVersion(scope, fresh, undefined)) }
}
