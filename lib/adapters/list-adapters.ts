import type { Scope } from '@/lib/core/scope'
import { presentWithKeys } from './present'
import { countAdapters, findAdapters, findKeys } from './store'

export const listAdapters = async (scope: Scope, { limit, offset }: { limit: number; offset: number }) => {
  const [rows, total] = await Promise.all([
    findAdapters(scope.db, { take: limit, skip: offset }),
    countAdapters(scope.db),
  ])
  const keys = await findKeys(
    scope.db,
    rows.map(({ id }) => id),
  )
  return { adapters: rows.map((row) => presentWithKeys(row, keys)), total, limit, offset }
}
