import type { ReadDb, Scope, WriteDb } from '@/lib/core/scope'
import type { Patterns } from './permission'
import { findSettings } from './sql'

export type ToolSettings = { allowed: Patterns; denied: readonly string[]; updatedAt: Date | null }

const UNSET: ToolSettings = { allowed: '*', denied: [], updatedAt: null }
// A row that cannot be read permits nothing.
const CLOSED: ToolSettings = { allowed: [], denied: ['*'], updatedAt: null }

const parsed = (value: unknown): unknown => {
  try {
    return typeof value === 'string' ? JSON.parse(value) : value
  } catch {
    return undefined
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const settingsOf = (row: { allowedTools?: unknown; deniedTools?: unknown; updatedAt?: unknown }): ToolSettings => {
  const { updatedAt } = row
  const allowed = row.allowedTools === '*' ? '*' : parsed(row.allowedTools)
  const denied = parsed(row.deniedTools)
  if (!(allowed === '*' || isTexts(allowed)) || !isTexts(denied)) return CLOSED
  return { allowed, denied, updatedAt: updatedAt instanceof Date ? updatedAt : null }
}

// Asked by every run that has tools: one narrow statement.
export const readSettings = async (scope: Pick<Scope, 'rows'>): Promise<ToolSettings> => {
  const [row] = await scope.rows(findSettings)
  return row ? settingsOf(row) : UNSET
}

export const settingsIn = async (db: Pick<ReadDb, 'tenantSettings' | 'tenantId'>): Promise<ToolSettings> => {
  const row = await db.tenantSettings.findUnique({ where: { tenantId: db.tenantId } })
  return row ? settingsOf(row) : UNSET
}

// Only what is named is written, so that two changes at once keep each other's.
export const putSettings = async (
  db: Pick<WriteDb, 'tenantSettings' | 'tenantId'>,
  { allowed, denied }: Partial<Pick<ToolSettings, 'allowed' | 'denied'>>,
  now: Date,
): Promise<void> => {
  const values = {
    ...(allowed === undefined ? {} : { allowedTools: allowed === '*' ? '*' : [...allowed] }),
    ...(denied === undefined ? {} : { deniedTools: [...denied] }),
    updatedAt: now,
  }
  await db.tenantSettings.upsert({
    where: { tenantId: db.tenantId },
    create: { tenantId: db.tenantId, allowedTools: '*', deniedTools: [], ...values },
    update: values,
  })
}
