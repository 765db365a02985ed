import { reachOf } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { type Dialect, type Params, type ReadStatement, readStatement } from '@/lib/core/statement'

const AMONG = {
  sqlite: 'value FROM json_each(:workspaces)',
  postgresql: 'json_array_elements_text(CAST(:workspaces AS json))',
}

const isAmong = (dialect: Dialect, column: string): string => `${column} IN (SELECT ${AMONG[dialect]})`
const OPEN = 'CAST(:workspaces AS TEXT) IS NULL'
// What an external agent does belongs to no user: whoever acts for one is told nothing of it.
const OF_NOBODY = 'CAST(:user AS TEXT) IS NULL'

const reportedIn = (dialect: Dialect, table: string, key: string, column: string): string =>
  `EXISTS (SELECT 1 FROM "${table}" AS x WHERE x."tenantId" = "AdapterReport"."tenantId" AND x."${key}" = "AdapterReport"."${column}"
    AND ${isAmong(dialect, 'x."workspaceId"')})`

/** The rows of which a caller may know: those of its workspaces, and its own. Each statement binds what fenceOf gives. */
export const WITHIN = {
  Decision: (dialect: Dialect): string =>
    `(${OPEN} OR ${isAmong(dialect, '"workspaceId"')}) AND (${OF_NOBODY} OR "userId" = :user)`,
  Execution: (dialect: Dialect): string => `(${OPEN} OR ${isAmong(dialect, '"workspaceId"')}) AND ${OF_NOBODY}`,
  ToolAuthorization: (dialect: Dialect): string => `(${OPEN} OR ${isAmong(dialect, '"workspaceId"')}) AND ${OF_NOBODY}`,
  // A report stands where its execution or its trace does.
  AdapterReport: (dialect: Dialect): string =>
    `(${OPEN} OR ${reportedIn(dialect, 'Execution', 'id', 'executionId')}
      OR ${reportedIn(dialect, 'Trace', 'id', 'traceId')}) AND ${OF_NOBODY}`,
} as const

export const fenced = (write: (dialect: Dialect) => string): ReadStatement =>
  readStatement({ sqlite: write('sqlite'), postgresql: write('postgresql') })

export const fenceOf = (scope: Scope): Params => {
  const { user, workspaces } = reachOf(scope)
  return { user, workspaces: workspaces === null ? null : JSON.stringify(workspaces) }
}

/** The same for what is read by its columns, of tables that know no user. */
export const rowsWithin = (scope: Scope): { workspaceId?: { in: string[] }; id?: { in: string[] } } => {
  const { user, workspaces } = reachOf(scope)
  return {
    ...(workspaces === null ? {} : { workspaceId: { in: [...workspaces] } }),
    ...(user === null ? {} : { id: { in: [] } }),
  }
}
