import { kernel } from '@/lib/core/kernel'
import { readStatement, storedTime } from '@/lib/core/statement'

const BATCH = 500

export type BudgetRef = { tenantId: string; id: string }

const sumOf = `"spentMicroUsd" + "reservedMicroUsd"`

// Not in whole numbers: ten thousand times a great limit is more than a bigint holds.
const UNTOLD = `("warnedAt" IS NULL AND (${sumOf}) * 10000.0 >= "limitMicroUsd" * (1.0 * "alertBasisPoints"))
  OR ("exceededAt" IS NULL AND ${sumOf} > "limitMicroUsd")`

const find = (which: string) =>
  readStatement(`SELECT "tenantId", "id" FROM "Budget" WHERE "tenantId" > :tenant AND (${which})
    ORDER BY "tenantId", "id" LIMIT :most`)

const findStale = find(`"period" <> 'custom' AND ("periodEnd" IS NULL OR "periodEnd" <= :now)`)
const findUntold = find(`"periodEnd" > :now AND (${UNTOLD})`)

const read = async (statement: typeof findStale, now: Date): Promise<BudgetRef[]> => {
  const rows = await kernel().db.rows(statement, { tenant: '', now: storedTime(now), most: BATCH })
  return rows.map((row) => ({ tenantId: String(row['tenantId']), id: String(row['id']) }))
}

export const staleBudgets = (now: Date): Promise<BudgetRef[]> => read(findStale, now)
export const untoldBudgets = (now: Date): Promise<BudgetRef[]> => read(findUntold, now)
