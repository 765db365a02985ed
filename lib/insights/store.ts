import type { Row } from '@/lib/core/db'
import type { ReadDb, Scope } from '@/lib/core/scope'
import { type Params, type ReadStatement, storedTime } from '@/lib/core/statement'
import { ledgerUnreadable } from '@/lib/governance'
import { fenceOf, type Part } from './reach'
import { factCourse, factsByCost, factsByWeight, ledgerByDay, ledgerByHour } from './sql'

type Window = { start: Date; end: Date }

export type Payer = { workspace?: string; environment?: string; role?: string; user?: string }

const NOBODY = { user: null, workspace: null, environment: null, role: null }

const timesOf = ({ start, end }: Window) => ({ start: storedTime(start), end: storedTime(end) })

const costsIn = (rows: readonly Row[]): Map<string, number> =>
  new Map(rows.map((row) => [String(row['at']), Number(row['cost'] ?? 0)]))

/** What was charged on each day of UTC, by its name; a day without a charge is not there. */
export const chargedByDay = async (scope: Scope, part: Part, window: Window): Promise<Map<string, number>> =>
  costsIn(await scope.rows(ledgerByDay, { ...NOBODY, ...fenceOf(part), ...timesOf(window) }).catch(ledgerUnreadable))

/** The same by the hour, of what counts toward one budget. */
export const chargedByHour = async (scope: Scope, payer: Payer, window: Window): Promise<Map<string, number>> =>
  costsIn(
    await scope
      .rows(ledgerByHour, { ...NOBODY, workspaces: null, ...payer, ...timesOf(window) })
      .catch(ledgerUnreadable),
  )

export type Fact = { value: string; traces: number; errors: number; cost: number; weight: number }

const factOf = (row: Row): Fact => ({
  value: String(row['value']),
  traces: Number(row['traces']),
  errors: Number(row['errors']),
  cost: Number(row['cost']),
  weight: Number(row['weight']),
})

type Asked = { fact: 'skill' | 'risk_factor'; part: Part; window: Window }

// These sums are not kept by user: whoever acts for one is told nothing of them.
const factsOf = async (scope: Scope, statement: ReadStatement, { fact, part, window }: Asked, more: Params) =>
  part.user === null ? scope.rows(statement, { fact, ...fenceOf(part), ...timesOf(window), ...more }) : []

export const dearestFacts = async (scope: Scope, asked: Asked, most: number): Promise<Fact[]> =>
  (await factsOf(scope, factsByCost, asked, { most })).map(factOf)

export const weightiestFacts = async (scope: Scope, asked: Asked, most: number): Promise<Fact[]> =>
  (await factsOf(scope, factsByWeight, asked, { most })).map(factOf)

export const courseOfFacts = async (scope: Scope, asked: Asked, names: readonly string[]) =>
  (await factsOf(scope, factCourse, asked, { names: JSON.stringify(names) })).map((row) => ({
    day: String(row['day']),
    name: String(row['value']),
    cost: Number(row['cost']),
  }))

const COLUMNS = {
  ...{ id: true, name: true, kind: true, agentRole: true, workspaceId: true, environment: true, model: true },
  ...{ status: true, startedAt: true, riskLevel: true, riskScore: true, costMicroUsd: true },
} as const

/** The newest of one level: read from its index, newest first. */
export const newestOfLevel = (db: ReadDb, level: string, { user, workspaces }: Part, { start }: Window, most: number) =>
  db.trace.findMany({
    where: {
      riskLevel: level,
      startedAt: { gte: start },
      ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
      ...(user === null ? {} : { userId: user }),
    },
    select: COLUMNS,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: most,
  })

export type RiskyRow = Awaited<ReturnType<typeof newestOfLevel>>[number]
