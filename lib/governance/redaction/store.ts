import type { MutateDb, ReadDb } from '@/lib/core/scope'
import type { Judged } from './judge-rule'
import { lockRules } from './sql'

export type StoredRule = Awaited<ReturnType<typeof findRules>>[number]

export const findRules = (db: ReadDb) => db.redactionRule.findMany({ orderBy: { name: 'asc' } })

export const lock = async (db: MutateDb): Promise<void> => {
  await db.run(lockRules, [{}])
}

export const putRule = (db: MutateDb, rule: Judged, by: { updatedBy: string; updatedAt: Date }) => {
  const { tenantId } = db
  const { name, ...fields } = rule
  const data = { ...fields, ...by }
  return db.redactionRule.upsert({
    where: { tenantId_name: { tenantId, name } },
    create: { tenantId, name, ...data },
    update: data,
  })
}

export const dropRule = async (db: MutateDb, name: string): Promise<boolean> =>
  (await db.redactionRule.deleteMany({ where: { name } })).count > 0

export const findTokens = (db: ReadDb, tokens: readonly string[]) =>
  db.redactionToken.findMany({ where: { token: { in: [...tokens] } } })
