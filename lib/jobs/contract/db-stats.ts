import { z } from 'zod'
import { contract, service } from '@/lib/shared/contract'

const Count = z.number().int().nonnegative()
const Path = z.string().nullable().meta({ description: 'The SQLite file as configured; null on PostgreSQL' })
const Size = Count.meta({ description: 'Of the whole database on its disk' })

export const DbStats = z.object({
  stats: z.object({
    path: Path,
    size_bytes: Size,
    tables: z.array(z.object({ name: z.string(), row_count: Count })).meta({
      description: "The tenant's rows; those of all tenants for a key that may act in every tenant",
    }),
  }),
  path: Path,
  size_bytes: Size,
  tables: z.record(z.string(), Count),
})

export const getDbStats = contract({
  method: 'GET',
  path: '/db/stats',
  summary: 'Size of the database and rows of its tables',
  guard: service('admin'),
  tag: 'operations',
  reply: DbStats,
  camel: true,
})
