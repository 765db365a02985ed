import type { MutateDb, ReadDb } from '@/lib/core/scope'
import { DEFAULT_RULES, type Rules } from './rules'
import { lockRetention } from './sql'

export type PolicyRow = NonNullable<Awaited<ReturnType<typeof findPolicy>>>

export const findPolicy = (db: ReadDb) => db.retentionPolicy.findUnique({ where: { tenantId: db.tenantId } })

const rulesIn = (row: PolicyRow): Rules => ({
  retention_days: row.retentionDays,
  sampling_strategy: row.samplingStrategy as Rules['sampling_strategy'],
  storage_mode: row.storageMode as Rules['storage_mode'],
  legal_hold: row.legalHold,
})

export const rulesOf = async (db: ReadDb): Promise<Rules> => {
  const row = await findPolicy(db)
  return row ? rulesIn(row) : DEFAULT_RULES
}

export const lock = async (db: MutateDb): Promise<void> => {
  await db.run(lockRetention, [{}])
}

export const putPolicy = async (db: MutateDb, rules: Rules, now: Date): Promise<PolicyRow> => {
  const data = {
    retentionDays: rules.retention_days,
    samplingStrategy: rules.sampling_strategy,
    storageMode: rules.storage_mode,
    legalHold: rules.legal_hold,
    updatedAt: now,
  }
  const { tenantId } = db
  return db.retentionPolicy.upsert({ where: { tenantId }, create: { tenantId, ...data, createdAt: now }, update: data })
}
