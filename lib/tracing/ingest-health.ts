import { dateOf } from '@/lib/core/clock'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import type { IngestHealth } from './contract/spans'
import { maySee } from './may-see'
import { countsSince } from './sql-ingest'

const DAY_MS = 86_400_000
const MOST_FAULTS = 50

type Hour = IngestHealth['hours'][number]

const hourOf = (row: Readonly<Record<string, unknown>>): Hour => ({
  hour: dateOf(row['hour'] as string | Date).toISOString(),
  source: String(row['source']),
  outcome: String(row['outcome']),
  reason: String(row['reason']),
  spans: Number(row['spans']),
})

const sumOf = (hours: readonly Hour[], outcome: string): number =>
  hours.reduce((sum, hour) => (hour.outcome === outcome ? sum + hour.spans : sum), 0)

const rejectedIn = (hours: readonly Hour[]): IngestHealth['rejected'] => {
  const sums = new Map<string, IngestHealth['rejected'][number]>()
  for (const { outcome, source, reason, spans } of hours) {
    if (outcome !== 'rejected') continue
    const key = `${source}\n${reason}`
    sums.set(key, { source, reason, spans: spans + (sums.get(key)?.spans ?? 0) })
  }
  return [...sums.values()].sort((a, b) => b.spans - a.spans)
}

// What came in during the last day, and the last faults. What a fault says may quote what was sent.
export const ingestHealth = async (scope: Scope): Promise<IngestHealth> => {
  const since = storedTime(dateOf(scope.clock.now().getTime() - DAY_MS))
  const hours = (await scope.rows(countsSince, { since })).map(hourOf)
  const faults = await scope.db.ingestFault.findMany({
    where: {},
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST_FAULTS,
  })
  const open = maySee(scope)
  return {
    accepted: sumOf(hours, 'accepted'),
    duplicates: sumOf(hours, 'duplicate'),
    truncated: sumOf(hours, 'truncated'),
    rejected: rejectedIn(hours),
    hours,
    faults: faults.map(({ tenantId: _, createdAt, message, ...fault }) => ({
      ...fault,
      message: open ? message : null,
      created_at: createdAt.toISOString(),
    })),
  }
}
