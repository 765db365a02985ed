type Dialect = 'sqlite' | 'postgresql'

// The budgets that an entry counts toward, by its own columns. The order is the order in which they are asked.
const keysOf = (l: string): string =>
  [
    `'tenant'`,
    `'workspace:' || ${l}."workspaceId"`,
    `'environment:' || ${l}."environment"`,
    `'environment:' || ${l}."workspaceId" || '/' || ${l}."environment"`,
    `'role:' || ${l}."agentRole"`,
    `'user:' || ${l}."userId"`,
  ].join(', ')

export const keysIn = { postgresql: (l: string): string => `ARRAY[${keysOf(l)}]` }

// What has no role or no user has no key of that kind: NULL matches nothing. An array can be searched by the index.
export const isKeyOf = (dialect: Dialect, id: string, l: string): string =>
  dialect === 'sqlite' ? `${id} IN (${keysOf(l)})` : `${id} = ANY (ARRAY[${keysOf(l)}])`

export const isWithin = (at: string, period: string): string =>
  `${at} >= ${period}."periodStart" AND ${at} < ${period}."periodEnd"`
