import type { MutateDb, ReadDb } from '@/lib/core/scope'
import { missing } from '@/lib/shared/problem'

export type VersionRow = {
  workspaceId: string
  hash: string
  source: string
  message: string | null
  parentHash: string | null
  fileCount: number
  size: number
  warnings: unknown
  createdBy: string
  createdById: string | null
  createdAt: Date
}

const newest = [{ createdAt: 'desc' as const }, { hash: 'asc' as const }]

/** The last one that was made. */
export const findHead = (db: ReadDb, workspaceId: string): Promise<VersionRow | null> =>
  db.workspaceVersion.findFirst({ where: { workspaceId }, orderBy: newest })

export const findVersion = (db: ReadDb, workspaceId: string, hash: string): Promise<VersionRow | null> =>
  db.workspaceVersion.findFirst({ where: { workspaceId, hash } })

// Two are enough to know that digits are ambiguous.
export const findByPrefix = (db: ReadDb, workspaceId: string, prefix: string): Promise<VersionRow[]> =>
  db.workspaceVersion.findMany({ where: { workspaceId, hash: { gte: prefix, lt: `${prefix}g` } }, take: 2 })

export const pageOfVersions = async (
  db: ReadDb,
  workspaceId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: VersionRow[]; total: number }> => {
  const where = { workspaceId }
  const rows = await db.workspaceVersion.findMany({ where, orderBy: newest, take: limit, skip: offset })
  return { rows, total: await db.workspaceVersion.count({ where }) }
}

export type FileLine = { bundleHash: string; path: string; size: number; contentHash: string | null; bodyHash: string }

export const findFileLines = (db: ReadDb, hashes: readonly string[]): Promise<FileLine[]> =>
  db.bundleFile.findMany({
    where: { bundleHash: { in: [...hashes] } },
    orderBy: { path: 'asc' },
    select: { bundleHash: true, path: true, size: true, contentHash: true, bodyHash: true },
  })

const isForeignKey = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2003'

/** A workspace that is known by its versions alone has a row like any other. */
export const ensureWorkspace = async (db: MutateDb, id: string, at: Date): Promise<void> => {
  const { tenantId } = db
  try {
    await db.workspace.upsert({
      where: { tenantId_id: { tenantId, id } },
      create: { tenantId, id, name: id, createdAt: at },
      update: {},
    })
  } catch (error) {
    if (isForeignKey(error)) missing('tenant', tenantId)
    throw error
  }
}

export const insertVersion = async (db: MutateDb, row: Omit<VersionRow, 'warnings'> & { warnings: string[] }) => {
  const { tenantId } = db
  await db.workspaceVersion.create({ data: { tenantId, ...row } })
}

export const findPinned = (
  db: ReadDb,
  workspaceId: string,
): Promise<{ environment: string; versionHash: string; canary: unknown }[]> =>
  db.workspacePin.findMany({
    where: { workspaceId },
    orderBy: { environment: 'asc' },
    select: { environment: true, versionHash: true, canary: true },
  })
