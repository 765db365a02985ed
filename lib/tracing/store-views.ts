import type { ReadDb, WriteDb } from '@/lib/core/scope'

const key = (db: ReadDb, id: string) => ({ tenantId_id: { tenantId: db.tenantId, id } })

export const findView = (db: ReadDb, id: string) => db.savedView.findUnique({ where: key(db, id) })

export type ViewRow = NonNullable<Awaited<ReturnType<typeof findView>>>

const MOST_SHOWN = 500

export const findViews = (db: ReadDb, page: string, owner: string): Promise<ViewRow[]> =>
  db.savedView.findMany({
    where: { page, OR: [{ owner }, { isShared: true }] },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: MOST_SHOWN,
  })

type Named = Pick<ViewRow, 'owner' | 'page' | 'name'>

export const findNamed = (db: ReadDb, named: Named): Promise<ViewRow | null> => db.savedView.findFirst({ where: named })

export const countOwn = (db: ReadDb, owner: string): Promise<number> => db.savedView.count({ where: { owner } })

export const addView = (db: WriteDb, data: Omit<ViewRow, 'tenantId'>): Promise<ViewRow> =>
  db.savedView.create({ data: { ...data, tenantId: db.tenantId } })

export const changeView = (db: WriteDb, id: string, data: Partial<Pick<ViewRow, 'name' | 'query' | 'isShared'>>) =>
  db.savedView.update({ where: key(db, id), data })

export const removeView = (db: WriteDb, id: string) => db.savedView.delete({ where: key(db, id) })
