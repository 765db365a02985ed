import type { Scope } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'
import type { KnownCase } from '../contract'
import { caseOf } from './present'
import { datasetsOutside } from './sql'
import * as store from './store'

/** What an identity that is fenced to workspaces does not see: texts of runs elsewhere stand in these. */
export const hiddenFrom = async (scope: Scope): Promise<readonly string[]> => {
  const { workspaceIds } = scope.identity
  if (workspaceIds === null) return []
  const rows = await scope.rows(datasetsOutside, { workspaces: JSON.stringify(workspaceIds) })
  return rows.map((row) => String(row['id']))
}

export const requireDataset = async (scope: Scope, name: string): Promise<store.DatasetRow> => {
  const row = await store.findDataset(scope.db, name)
  if (row === null || (await hiddenFrom(scope)).includes(row.id)) return missing('dataset')
  return row
}

export const requireVersion = async (
  scope: Scope,
  row: store.DatasetRow,
  version: number | undefined,
): Promise<store.VersionRow> =>
  (await store.findVersion(scope.db, row.id, version ?? row.latestVersion)) ??
  missing('dataset version', String(version))

export type FoundDataset = { id: string; name: string; version: number; cases: readonly KnownCase[] }

/** A saved dataset with the cases of one version, the newest where none is named. */
export const datasetCases = async (scope: Scope, name: string, version?: number): Promise<FoundDataset> => {
  const row = await requireDataset(scope, name)
  const found = await requireVersion(scope, row, version)
  const cases = await store.findCases(scope.db, row.id, found.version)
  return { id: row.id, name: row.name, version: found.version, cases: cases.map(caseOf) }
}
