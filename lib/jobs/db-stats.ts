import type { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import type { DbStats } from './contract'
import { requireRowCounts } from './fence'
import { shownDatabase } from './health'
import { databaseFacts } from './probe'
import { ALL_ROW_COUNTS, OWN_ROW_COUNTS } from './sql'

// Who serves every tenant sees all rows; a tenant's own key sees the tenant's.
export const dbStats = async (scope: Scope): Promise<z.output<typeof DbStats>> => {
  requireRowCounts(scope)
  const statement = scope.identity.allowedTenants === '*' ? ALL_ROW_COUNTS : OWN_ROW_COUNTS
  const [{ size }, rows] = await Promise.all([databaseFacts(), scope.rows(statement)])
  const tables = rows.map((row) => ({ name: String(row['name']), row_count: Number(row['rowCount']) }))
  const path = kernel().db.dialect === 'sqlite' ? shownDatabase() : null
  return {
    stats: { path, size_bytes: size, tables },
    path,
    size_bytes: size,
    tables: Object.fromEntries(tables.map(({ name, row_count }) => [name, row_count])),
  }
}
