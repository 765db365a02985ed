import { toWire, toWireOrNull } from '@/lib/shared/time'
import { type Dataset, KnownCase } from '../contract'
import type { CaseRow, DatasetRow, VersionRow } from './store'

export const presentDataset = (row: DatasetRow, newest: VersionRow | undefined | null): Dataset => ({
  id: row.id,
  name: row.name,
  description: row.description,
  version: row.latestVersion,
  case_count: newest?.caseCount ?? 0,
  content_hash: newest?.contentHash ?? '',
  created_by: row.createdBy,
  created_at: toWire(row.createdAt),
  updated_at: toWire(row.updatedAt),
  archived_at: toWireOrNull(row.archivedAt),
})

export const presentVersion = (row: VersionRow) => ({
  version: row.version,
  case_count: row.caseCount,
  content_hash: row.contentHash,
  message: row.message,
  created_by: row.createdBy,
  created_at: toWire(row.createdAt),
})

export const caseOf = ({ caseId, body }: Pick<CaseRow, 'caseId' | 'body'>): KnownCase =>
  KnownCase.parse({ ...(body as object), id: caseId })
