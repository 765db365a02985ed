import type { MutateDb } from '@/lib/core/scope'
import { dropDeliveries, emptyDeliveries } from './sql-clear'

const rowsOf = (traceIds: readonly string[]) => traceIds.map((id) => ({ id }))

/** What was told about these runs goes with them. What is still to be sent stays. */
export const deleteDeliveries = async (db: MutateDb, traceIds: readonly string[]): Promise<void> => {
  await db.run(dropDeliveries, rowsOf(traceIds))
}

/** The same without the texts: that they were sent, when and where, stays. */
export const clearDeliveries = async (db: MutateDb, traceIds: readonly string[]): Promise<void> => {
  await db.run(emptyDeliveries, rowsOf(traceIds))
}
