import type { MutateDb, ReadDb } from '@/lib/core/scope'

const idOf = (db: { tenantId: string }, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const findWorkspace = (db: ReadDb, id: string): Promise<{ bootCompletedAt: Date | null } | null> =>
  db.workspace.findUnique({ where: idOf(db, id), select: { bootCompletedAt: true } })

// A workspace that exists as a folder alone gets its row with the first thing that is to be remembered of it.
export const saveBootCompleted = async (db: MutateDb, id: string, at: Date): Promise<void> => {
  const { tenantId } = db
  await db.workspace.upsert({
    where: idOf(db, id),
    create: { tenantId, id, name: id, createdAt: at, bootCompletedAt: at },
    update: { bootCompletedAt: at },
  })
}

const MOST = 500

export const allWorkspaces = (db: ReadDb): Promise<{ id: string; name: string }[]> =>
  db.workspace.findMany({ select: { id: true, name: true }, orderBy: { id: 'asc' }, take: MOST })
