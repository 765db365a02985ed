import { agedRows, type DueRows } from '@/lib/core/aged-rows'
import { storedTime } from '@/lib/core/statement'

const V = '"WorkspaceVersion"'

const noneIn = (table: string, names: string): string =>
  `NOT EXISTS (SELECT 1 FROM "${table}" x WHERE x."tenantId" = ${V}."tenantId" AND (${names}))`

// All digits of a hash in what JSON says are that hash, whatever the key is called.
const told = (column: string): string => `CAST(x."${column}" AS text) LIKE '%' || ${V}."hash" || '%'`

const met = agedRows({
  name: 'workspace.age-versions',
  table: 'WorkspaceVersion',
  key: ['workspaceId', 'hash'],
  oldest: 'createdAt',
  when: ({ until }) =>
    [
      `${V}."source" = 'run' AND ${V}."createdAt" < ${until}`,
      noneIn('Trace', `x."workspaceHash" = ${V}."hash"`),
      noneIn('WorkspacePin', `x."versionHash" = ${V}."hash" OR ${told('canary')}`),
      noneIn('PinChange', `${told('before')} OR ${told('after')}`),
      noneIn('Promotion', `${told('candidate')} OR ${told('targetBefore')}`),
      noneIn('EvalRun', `x."versionHash" = ${V}."hash"`),
      `EXISTS (SELECT 1 FROM "WorkspaceVersion" x WHERE x."tenantId" = ${V}."tenantId"
        AND x."workspaceId" = ${V}."workspaceId" AND x."createdAt" > ${V}."createdAt")`,
    ].join(' AND '),
})

/**
 * Versions that nobody saved: runs met them, and those runs are gone. What is pinned, was pinned, was promoted or
 * evaluated stays, and so does the last version of a workspace.
 */
export const agedVersions = (until: Date): DueRows => {
  const at = storedTime(until)
  return { ...met, times: { until: at, stale: at } }
}
