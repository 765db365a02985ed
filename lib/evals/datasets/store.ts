import type { MutateDb, ReadDb } from '@/lib/core/scope'

export const findDataset = (db: ReadDb, name: string) => db.dataset.findFirst({ where: { name } })
export type DatasetRow = NonNullable<Awaited<ReturnType<typeof findDataset>>>

export const findDatasetById = (db: ReadDb, id: string) => db.dataset.findFirst({ where: { id } })

type Filter = { q?: string | undefined; isArchived: boolean; hidden: readonly string[] }

const whereOf = ({ q, isArchived, hidden }: Filter) => ({
  archivedAt: isArchived ? { not: null } : null,
  ...(q === undefined ? {} : { name: { contains: q } }),
  ...(hidden.length === 0 ? {} : { id: { notIn: [...hidden] } }),
})

export const findDatasets = (db: ReadDb, filter: Filter, page: { take: number; skip: number }) =>
  db.dataset.findMany({ where: whereOf(filter), orderBy: { name: 'asc' }, ...page })

export const countDatasets = (db: ReadDb, filter: Filter): Promise<number> =>
  db.dataset.count({ where: whereOf(filter) })

export const findVersions = (db: ReadDb, datasetId: string) =>
  db.datasetVersion.findMany({ where: { datasetId }, orderBy: { version: 'desc' }, take: 200 })
export type VersionRow = Awaited<ReturnType<typeof findVersions>>[number]

export const findVersion = (db: ReadDb, datasetId: string, version: number): Promise<VersionRow | null> =>
  db.datasetVersion.findFirst({ where: { datasetId, version } })

export const findNewest = async (db: ReadDb, rows: readonly DatasetRow[]): Promise<ReadonlyMap<string, VersionRow>> => {
  if (rows.length === 0) return new Map()
  const found = await db.datasetVersion.findMany({
    where: { OR: rows.map(({ id, latestVersion }) => ({ datasetId: id, version: latestVersion })) },
  })
  return new Map(found.map((row) => [row.datasetId, row]))
}

const at = (version: number) => ({
  fromVersion: { lte: version },
  OR: [{ untilVersion: null }, { untilVersion: { gt: version } }],
})

type Page = { take?: number; skip?: number }

export const findCases = (db: ReadDb, datasetId: string, version: number, page: Page = {}) =>
  db.datasetCase.findMany({
    where: { datasetId, ...at(version) },
    orderBy: [{ position: 'asc' }, { rowId: 'asc' }],
    ...page,
  })
// Counted anew: of a version that was made of runs, the cases of a person who was erased are gone.
export const countCases = (db: ReadDb, datasetId: string, version: number): Promise<number> =>
  db.datasetCase.count({ where: { datasetId, ...at(version) } })
export type CaseRow = Awaited<ReturnType<typeof findCases>>[number]

const VALUES = ['name', 'description', 'latestVersion', 'archivedAt'] as const
export type DatasetChange = Partial<Pick<DatasetRow, (typeof VALUES)[number]>>

export const createDataset = (db: MutateDb, data: Omit<DatasetRow, 'tenantId'>): Promise<DatasetRow> =>
  db.dataset.create({ data: { ...data, tenantId: db.tenantId } })

/** Only where it is still at the version that the change was made for. */
export const moveDataset = async (db: MutateDb, row: DatasetRow, data: DatasetChange, now: Date): Promise<boolean> => {
  const { count } = await db.dataset.updateMany({
    where: { id: row.id, latestVersion: row.latestVersion },
    data: { ...data, updatedAt: now },
  })
  return count === 1
}

export const createVersion = (db: MutateDb, data: Omit<VersionRow, 'tenantId'>): Promise<VersionRow> =>
  db.datasetVersion.create({ data: { ...data, tenantId: db.tenantId } })
