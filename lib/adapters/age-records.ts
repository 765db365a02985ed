import { type AgedRows, agedRows, type DueRows } from '@/lib/core/aged-rows'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { oldestTime } from './telemetry/times'

const waits = (table: string): string => `EXISTS (SELECT 1 FROM "Decision" d
  WHERE d."tenantId" = "${table}"."tenantId" AND d."id" = "${table}"."decisionId" AND d."status" = 'pending')`

const executions = agedRows({
  name: 'adapters.age-executions',
  table: 'Execution',
  key: ['id'],
  oldest: 'createdAt',
  when: ({ until }) => `"Execution"."createdAt" < ${until} AND "Execution"."expiresAt" < ${until}
    AND NOT ${waits('Execution')}`,
})

const authorizations = agedRows({
  name: 'adapters.age-authorizations',
  table: 'ToolAuthorization',
  key: ['id'],
  oldest: 'createdAt',
  when: ({ until }) => `"ToolAuthorization"."createdAt" < ${until}
    AND ("ToolAuthorization"."expiresAt" IS NULL OR "ToolAuthorization"."expiresAt" < ${until})
    AND ("ToolAuthorization"."usedAt" IS NULL OR "ToolAuthorization"."usedAt" < ${until})
    AND NOT ${waits('ToolAuthorization')}
    AND NOT EXISTS (SELECT 1 FROM "Execution" e WHERE e."tenantId" = "ToolAuthorization"."tenantId"
      AND e."id" = "ToolAuthorization"."executionId" AND e."expiresAt" >= ${until})`,
})

const REPORT = {
  table: 'AdapterReport',
  key: ['adapterId', 'executionId', 'kind', 'payloadHash'],
  oldest: 'receivedAt',
}

// The key stays as long as the same report could be sent and booked once more; what the agent said does not.
const words = agedRows({
  ...REPORT,
  name: 'adapters.empty-reports',
  set: `"data" = '{}'`,
  when: ({ until }) => `"AdapterReport"."receivedAt" < ${until} AND "AdapterReport"."data" <> '{}'`,
})

const reports = agedRows({
  ...REPORT,
  name: 'adapters.age-reports',
  when: ({ until, stale }) => `"AdapterReport"."receivedAt" < ${until} AND "AdapterReport"."occurredAt" < ${stale}`,
})

const IN_ORDER: readonly AgedRows[] = [executions, authorizations, reports, words]

/** What was kept of external agents and is over. */
export const agedRecords = (scope: Scope, until: Date): DueRows[] => {
  const times = { until: storedTime(until), stale: storedTime(oldestTime(scope)) }
  return IN_ORDER.map((rows) => ({ ...rows, times }))
}
