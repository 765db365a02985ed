import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { userNames } from '../user-name'
import { agedPage, agedPageOfUser, countOlder, measure, oldestTrace } from './sql-measure'

export type Storage = 'full' | 'summary' | 'minimal'

export type AgedTrace = {
  id: string
  startedAt: Date
  completedAt: Date | null
  status: string
  storage: Storage
  // What a transaction is sized by: rows that hang on it, and text that the index must forget word by word.
  rows: number
  textBytes: number
  isOver: boolean
  // No answer and no webhook of it is still to be delivered.
  isSettled: boolean
  // Something came after it was reduced.
  hasLeft: boolean
}

const PAGE = 1_000
const STALE_MS = 86_400_000
const BEGINNING = '0001-01-01T00:00:00.000+00:00'

const timeOf = (value: unknown): Date => (value instanceof Date ? value : dateOf(Date.parse(String(value))))

const agedOf = (row: Record<string, unknown>): AgedTrace => ({
  id: String(row['id']),
  startedAt: timeOf(row['startedAt']),
  completedAt: row['completedAt'] === null ? null : timeOf(row['completedAt']),
  status: String(row['status']),
  storage: row['storage'] as Storage,
  rows: 1 + Number(row['stepCount']) + Number(row['spanCount']),
  textBytes: Number(row['textBytes']),
  isOver: Number(row['isOver']) === 1,
  isSettled: Number(row['isSettled']) === 1,
  hasLeft: Number(row['hasLeft']) === 1,
})

export const staleBefore = (scope: Scope): string => storedTime(dateOf(scope.clock.now().getTime() - STALE_MS))

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

export type Walk = { until: Date; userId?: string }

// A page at a time, so that others get their turn and nothing is held in memory.
export async function* agedTraces(scope: Scope, { until, userId }: Walk): AsyncGenerator<AgedTrace> {
  const stale = staleBefore(scope)
  const user = userId === undefined ? {} : userNames(scope, userId)
  let [after, afterId] = [BEGINNING, '']
  for (;;) {
    const params = { after, after_id: afterId, until: storedTime(until), stale, most: PAGE, ...user }
    const rows = await scope.rows(userId === undefined ? agedPage : agedPageOfUser, params)
    const page = rows.map(agedOf)
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    ;[after, afterId] = [storedTime(last.startedAt), last.id]
    await turn()
  }
}

export const countTracesBefore = async (scope: Scope, until: Date): Promise<number> => {
  const [row] = await scope.rows(countOlder, { until: storedTime(until), stale: staleBefore(scope) })
  return Number(row?.['n'] ?? 0)
}

export const oldestTraceAt = async (scope: Scope): Promise<Date | null> => {
  const [row] = await scope.rows(oldestTrace)
  return row?.['at'] ? timeOf(row['at']) : null
}

export type Weight = { bytes: number; payloads: number }

export const weighTraces = async (scope: Scope, ids: readonly string[]): Promise<Weight> => {
  const rows = await scope.rows(measure, { ids: JSON.stringify(ids) })
  return {
    bytes: rows.reduce((sum, row) => sum + Number(row['bytes']), 0),
    payloads: rows.reduce((sum, row) => sum + Number(row['payloads']), 0),
  }
}
