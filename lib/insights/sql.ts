import { type Dialect, type ReadStatement, readStatement } from '@/lib/core/statement'

const AMONG = {
  sqlite: 'value FROM json_each(:workspaces)',
  postgresql: 'json_array_elements_text(CAST(:workspaces AS json))',
}

const within = (dialect: Dialect): string =>
  `(CAST(:workspaces AS TEXT) IS NULL OR "workspaceId" IN (SELECT ${AMONG[dialect]}))`

const whole = (sum: string, dialect: Dialect): string =>
  dialect === 'sqlite' ? `SUM(${sum})` : `CAST(SUM(${sum}) AS bigint)`

const both = (write: (dialect: Dialect) => string): ReadStatement =>
  readStatement({ sqlite: write('sqlite'), postgresql: write('postgresql') })

const HOUR = { sqlite: `substr("createdAt", 1, 13)`, postgresql: `to_char("createdAt", 'YYYY-MM-DD"T"HH24')` }
const DAY = { sqlite: `substr("createdAt", 1, 10)`, postgresql: `to_char("createdAt", 'YYYY-MM-DD')` }

const is = (column: string, name: string): string => `(CAST(:${name} AS TEXT) IS NULL OR "${column}" = :${name})`

// Who pays is the same question that the budgets ask of a line of the ledger.
const PAYER = [is('userId', 'user'), is('workspaceId', 'workspace'), is('environment', 'environment')]

const course = (time: Record<Dialect, string>) =>
  both(
    (dialect) => `SELECT ${time[dialect]} AS "at", ${whole('"costMicroUsd"', dialect)} AS "cost" FROM "LedgerEntry"
      WHERE "tenantId" = :tenant AND "createdAt" >= :start AND "createdAt" < :end
        AND ${[...PAYER, is('agentRole', 'role'), within(dialect)].join(' AND ')} GROUP BY 1`,
  )

export const ledgerByDay = course(DAY)
export const ledgerByHour = course(HOUR)

const ofFacts = (dialect: Dialect): string => `FROM "TraceFactRollup" WHERE "tenantId" = :tenant
  AND "day" >= :start AND "day" < :end AND "fact" = :fact AND ${within(dialect)}`

const FACT_SUMS = { traces: 'traces', errors: 'errors', cost: 'costMicroUsd', weight: 'weight' }

const factSums = (dialect: Dialect): string =>
  Object.entries(FACT_SUMS)
    .map(([name, column]) => `${whole(`"${column}"`, dialect)} AS "${name}"`)
    .join(', ')

const factsBy = (order: 'cost' | 'weight') =>
  both(
    (dialect) => `SELECT "value" AS "value", ${factSums(dialect)} ${ofFacts(dialect)} GROUP BY "value"
      HAVING SUM("traces") > 0 ORDER BY SUM("${FACT_SUMS[order]}") DESC, "value" LIMIT :most`,
  )

export const factsByCost = factsBy('cost')
export const factsByWeight = factsBy('weight')

const FACT_DAY = { sqlite: `substr("day", 1, 10)`, postgresql: `to_char("day", 'YYYY-MM-DD')` }
const NAMED = {
  sqlite: 'value FROM json_each(:names)',
  postgresql: 'json_array_elements_text(CAST(:names AS json))',
}

export const factCourse = both(
  (dialect) => `SELECT ${FACT_DAY[dialect]} AS "day", "value" AS "value", ${whole('"costMicroUsd"', dialect)} AS "cost"
    ${ofFacts(dialect)} AND "value" IN (SELECT ${NAMED[dialect]}) GROUP BY 1, 2`,
)
